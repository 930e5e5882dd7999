namespace Hotplug.Runtime.Memory.Composition;

/// <summary>What stands behind the addresses of a part.</summary>
public enum PartBacking
{
    /// <summary>Pages of a model file, read-only.</summary>
    FileMapping,
    /// <summary>Private host memory.</summary>
    Committed,
    /// <summary>Nothing: the bytes are on the device, the addresses stay reserved.</summary>
    Device,
}
