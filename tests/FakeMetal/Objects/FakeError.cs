using Hotplug.Metal.Fake.Runtime;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>An NSError.</summary>
internal sealed class FakeError(FakeRuntime runtime, long code, string text) : FakeObject(runtime, "NSError")
{
    public override long Int64(string selector) => selector == "code" ? code : base.Int64(selector);

    public override nint Id(string selector) => selector == "localizedDescription" ? Runtime.Text(text) : base.Id(selector);
}
