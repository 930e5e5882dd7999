namespace Hotplug.Metal.Interop.Objects;

/// <summary>A kernel of a library.</summary>
internal sealed class MetalFunction(ObjectiveC runtime, nint owned, string name) : ObjectiveCObject(runtime, owned)
{
    /// <summary>The name it was found by.</summary>
    public string Name { get; } = name;
}
