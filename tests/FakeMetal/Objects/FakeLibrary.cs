using Hotplug.Metal.Fake.Runtime;
using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>A library of compiled shaders, which lives as long as its last function.</summary>
internal sealed class FakeLibrary(FakeRuntime runtime, IShaderLibrary library) : FakeObject(runtime, "MTLLibrary")
{
    private bool _disposed;

    public override nint IdId(string selector, nint value)
    {
        if (selector != "newFunctionWithName:") return base.IdId(selector, value);
        if (Runtime.Argument<FakeString>(value, selector) is not { } name)
        {
            if (value == 0) Violation(ViolationKind.Message, "a function without a name.");
            return 0;
        }
        return library.Find(name.Value) is { } found ? new FakeFunction(Runtime, this, found).Address : 0;
    }

    public override void Free()
    {
        if (_disposed) return;
        _disposed = true;
        library.Dispose();
    }
}
