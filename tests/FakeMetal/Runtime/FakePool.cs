using Hotplug.Metal.Fake.Objects;

namespace Hotplug.Metal.Fake.Runtime;

/// <summary>An autorelease pool.</summary>
/// <param name="token">What closes it.</param>
/// <param name="thread">The thread that opened it.</param>
internal sealed class FakePool(nint token, int thread)
{
    public nint Token { get; } = token;
    public int Thread { get; } = thread;

    /// <summary>One entry per reference.</summary>
    public List<FakeObject> Held { get; } = [];
}
