namespace Hotplug.Abstractions.Faults;

/// <summary>The kinds of failure a backend can report.</summary>
public enum FaultKind
{
    /// <summary>An exception that is none of the contract's: a defect of the plugin.</summary>
    Defect,
    /// <summary>The device has no room.</summary>
    OutOfDeviceMemory,
    /// <summary>More than the largest single allocation.</summary>
    TooLarge,
    /// <summary>An address or offset is not aligned as stated.</summary>
    Misaligned,
    /// <summary>A read-only buffer was to be written.</summary>
    ReadOnly,
    /// <summary>The device is gone; everything on it is lost.</summary>
    DeviceLost,
    /// <summary>What was asked is outside of what the backend states.</summary>
    Unsupported,
    /// <summary>The call was cancelled.</summary>
    Cancelled,
    /// <summary>The call did not come back in time.</summary>
    TimedOut,
}
