using System.Diagnostics.CodeAnalysis;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>A plan, or the reasons why there is none.</summary>
public sealed record CompositionOutcome
{
    /// <summary>The plan, or null if it was refused.</summary>
    public CompositionPlan? Plan { get; init; }

    /// <summary>Why it was refused: every reason found, not only the first. Empty if there is a plan.</summary>
    public IReadOnlyList<MemoryRefusal> Refusals { get; init; } = [];

    /// <summary>True if there is no plan.</summary>
    [MemberNotNullWhen(false, nameof(Plan))]
    public bool IsRefused => Plan is null;

    /// <summary>The plan.</summary>
    /// <exception cref="MemoryRefusedException">It was refused.</exception>
    public CompositionPlan Required() => Plan ?? throw new MemoryRefusedException(Refusals);
}
