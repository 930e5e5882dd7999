namespace Hotplug.FarMemory.Faults;

/// <summary>How a call fails.</summary>
internal enum FarFailure
{
    /// <summary>An exception that is no fault of the contract.</summary>
    Throw,
    /// <summary>The call comes back only when the test says so.</summary>
    Hang,
    /// <summary>The answer is none that the contract knows: nothing, a range that was not asked for, no numbers.</summary>
    Garbage,
    /// <summary>The device is lost, at this call and for ever.</summary>
    Lost,
}
