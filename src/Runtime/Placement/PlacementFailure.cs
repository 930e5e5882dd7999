namespace Hotplug.Runtime.Placement;

/// <summary>Why placing failed.</summary>
public enum PlacementFailure
{
    /// <summary>A device is named that does not exist.</summary>
    UnknownDevice,
    /// <summary>No device can run an operation.</summary>
    Unsupported,
    /// <summary>It does not fit into the memory there is.</summary>
    OutOfMemory,
    /// <summary>Something is larger than the largest allocation and cannot be split.</summary>
    TooLarge,
}
