using System.Runtime.InteropServices;
using Hotplug.Metal.Fake.Runtime;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>An NSString.</summary>
internal sealed class FakeString(FakeRuntime runtime, string value) : FakeObject(runtime, "NSString")
{
    private nint _bytes;

    public string Value { get; } = value;

    public override nint Text(string selector) => selector == "UTF8String"
        ? _bytes != 0 ? _bytes : _bytes = Marshal.StringToCoTaskMemUTF8(Value)
        : base.Text(selector);

    public override void Free()
    {
        Marshal.FreeCoTaskMem(_bytes);
        _bytes = 0;
    }
}
