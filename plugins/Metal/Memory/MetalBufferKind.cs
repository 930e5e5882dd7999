namespace Hotplug.Metal.Memory;

/// <summary>The ways in which a device has memory.</summary>
internal enum MetalBufferKind
{
    /// <summary>Views over host memory that already holds tensors, file mappings included.</summary>
    Mapped,
    /// <summary>Host memory that the host commits, for everything that is computed.</summary>
    Shared,
    /// <summary>Memory of the device that the host does not see.</summary>
    Private,
}
