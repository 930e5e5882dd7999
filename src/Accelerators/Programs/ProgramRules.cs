using Hotplug.Abstractions.Graphs;

namespace Hotplug.Accelerators.Programs;

/// <summary>What a planner has to know of the device.</summary>
public sealed record ProgramRules
{
    /// <summary>Bytes of the largest block of the workspace.</summary>
    public required long LargestBlock { get; init; }

    /// <summary>Bytes of the quantised form of a row of so many elements; null for a device whose products read plain activations.</summary>
    public required Func<long, long>? QuantizedRowBytes { get; init; }

    /// <summary>Bytes an operation needs beside its operands, at the bounds of the slice.</summary>
    public required Func<Operation, StepBounds, long> ScratchBytes { get; init; }
}
