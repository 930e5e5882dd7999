namespace Hotplug.Runtime.Memory.Composition;

/// <summary>What a load is doing.</summary>
public enum LoadStage
{
    /// <summary>Files are mapped into the range.</summary>
    Mapping,
    /// <summary>Tensors are read into host memory.</summary>
    Copying,
    /// <summary>Tensors are written to a device.</summary>
    Uploading,
    /// <summary>Pages are locked.</summary>
    Locking,
}
