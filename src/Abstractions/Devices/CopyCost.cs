namespace Hotplug.Abstractions.Devices;

/// <summary>What a copy between host memory and the device costs, roughly; 0 is free, as on the CPU. The planner weighs cuts by it.</summary>
public readonly record struct CopyCost
{
    /// <summary>Fixed cost of one copy, in nanoseconds.</summary>
    public double LatencyNanoseconds { get; init; }

    /// <summary>Cost of one byte, in nanoseconds.</summary>
    public double NanosecondsPerByte { get; init; }
}
