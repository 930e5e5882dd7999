namespace Hotplug.Metal.Interop.Objects;

/// <summary>Compiled kernels. Safe for any thread.</summary>
internal sealed class MetalLibrary(ObjectiveC runtime, nint owned) : ObjectiveCObject(runtime, owned)
{
    /// <summary>A kernel by name, owned by the caller; null when there is none.</summary>
    public unsafe MetalFunction? Find(string name)
    {
        using var pool = Runtime.Pool();
        var function = Runtime.Send.IdId(Handle, Runtime[Message.LibraryNewFunction], Runtime.String(name));
        return function == 0 ? null : new(Runtime, function, name);
    }
}
