using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Runtime.Placement;

internal static class Allocation
{
    private static readonly StepBounds One = new() { Tokens = 1, OutputRows = 1, Sequences = 1 };

    /// <summary>Largest single allocation of a type under a bound of the user's.</summary>
    public static nuint Largest(IBufferType type, nuint? bound) => bound is { } limit ? nuint.Min(limit, type.MaxLength) : type.MaxLength;

    /// <summary>Why a buffer type cannot hold a weight of an operation, or null: a tensor lies in one physical buffer, so it may not be larger than the largest.</summary>
    public static string? WhyTooLarge(IBufferType type, Operation operation)
    {
        foreach (var value in operation.Reads)
            if (value.IsWeight && type.AllocationSize(value.Resolve(One)) is var bytes && bytes > type.MaxLength)
                return $"{value.Name} takes {bytes} bytes, and {type.Name} allocates at most {type.MaxLength} in one piece";
        return null;
    }
}
