using Hotplug.Abstractions.Memory;

namespace Hotplug.Runtime.Placement;

internal static class Allocation
{
    /// <summary>Largest single allocation of a type under a bound of the user's.</summary>
    public static nuint Largest(IBufferType type, nuint? bound) => bound is { } limit ? nuint.Min(limit, type.MaxLength) : type.MaxLength;
}
