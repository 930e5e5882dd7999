using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>Plans how weights lie in memory. A pure function of its arguments: no file is opened, nothing is allocated.</summary>
public static class CompositionPlanner
{
    /// <summary>Plans a composition.</summary>
    /// <param name="requests">The tensors, in any order. Buffer types are asked for their facts and sizes only.</param>
    /// <param name="fileLengths">Bytes of each file.</param>
    /// <param name="policy">What the user asks.</param>
    /// <param name="limits">What the system allows.</param>
    /// <returns>A plan, or every reason why there is none.</returns>
    public static CompositionOutcome Plan(IReadOnlyList<WeightRequest> requests, IReadOnlyList<long> fileLengths, MemoryPolicy policy, HostLimits limits)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(fileLengths);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(limits);
        if (policy.Validate() is { Count: > 0 } nonsense)
            return new CompositionOutcome { Refusals = nonsense };
        var refusals = new List<MemoryRefusal>();
        try
        {
            var items = WeightIntake.Check(requests, fileLengths, refusals);
            if (refusals.Count == 0)
                MapFates.Decide(items, policy, limits.PageSize, refusals);
            if (refusals.Count != 0)
                return new CompositionOutcome { Refusals = refusals };
            var layout = new PartLayout(items, policy, limits.PageSize);
            var locks = LockPlan.Decide(items, layout, policy, limits, refusals);
            return refusals.Count != 0 ? new CompositionOutcome { Refusals = refusals } : new CompositionOutcome
            {
                Plan = new CompositionPlan
                {
                    Length = layout.Length,
                    Alignment = layout.Alignment,
                    Parts = [.. layout.Parts.Select((part, i) => part with { LockAsked = locks.Asked[i], LockBytes = locks.Planned[i], ResidentBytes = locks.Resident[i] })],
                    Tensors = [.. items.Select(item => item.ToPlanned())],
                    LockOrder = locks.Order,
                    Notices = Notices.Of(items, policy, limits, locks),
                    Policy = policy,
                },
            };
        }
        catch (OverflowException)
        {
            return new CompositionOutcome { Refusals = [new(MemoryRefusalCode.TooLarge, "weights", "together they exceed the address space", "check the buffer types' sizes and the file")] };
        }
    }

    internal static nuint Largest(BufferTypeFacts facts, MemoryPolicy policy) => nuint.Min(facts.MaxLength, policy.LargestAllocation ?? nuint.MaxValue);
}
