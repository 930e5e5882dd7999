namespace Hotplug.Abstractions.Devices;

/// <summary>What came of looking at something.</summary>
public enum DiagnosticOutcome
{
    /// <summary>A fact: nothing was tried.</summary>
    Fact,
    /// <summary>It is as the device relies on.</summary>
    Passed,
    /// <summary>The system does not have it, and the device does without.</summary>
    Absent,
    /// <summary>It is not as the device relies on.</summary>
    Failed,
}
