namespace Hotplug.Runtime.Memory.Composition;

/// <summary>How a tensor gets into its buffer.</summary>
public enum MapFate
{
    /// <summary>It stands where the file is mapped; nothing is read.</summary>
    Mapped,
    /// <summary>It is read into host memory.</summary>
    Copied,
    /// <summary>It is read and written to the device.</summary>
    OnDevice,
}
