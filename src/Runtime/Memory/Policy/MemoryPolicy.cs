namespace Hotplug.Runtime.Memory.Policy;

/// <summary>What a user asks of a model's memory. Plain data; what it leads to is the plan's.</summary>
public sealed record MemoryPolicy
{
    /// <summary>Maps what can be mapped, locks nothing.</summary>
    public static MemoryPolicy Default { get; } = new();

    /// <summary>Whether weights are mapped; null means nobody said, and is <see cref="MapPolicy.Auto"/>.</summary>
    public MapPolicy? Map { get; init; }

    /// <summary>Whether memory is locked.</summary>
    public LockPolicy Lock { get; init; }

    /// <summary>What <see cref="Lock"/> acts on.</summary>
    public LockScope Scope { get; init; } = LockScope.Weights;

    /// <summary>A bound in bytes on single allocations below that of the buffer types, or null.</summary>
    public nuint? LargestAllocation { get; init; }

    /// <summary>Other policies for tensors by name.</summary>
    public IReadOnlyList<MemoryOverride> Overrides { get; init; } = [];

    /// <summary>What makes no sense in the policy, each with its cure; empty if it is sound.</summary>
    public IReadOnlyList<MemoryRefusal> Validate()
    {
        var refusals = new List<MemoryRefusal>();
        if (Map is { } map && !Enum.IsDefined(map))
            Refuse("Map", $"{(int)map} is no map policy", "use auto, require or off");
        if (!Enum.IsDefined(Lock))
            Refuse("Lock", $"{(int)Lock} is no lock policy", "use off, try or require");
        if ((Scope & ~LockScope.All) != 0)
            Refuse("Scope", $"{(int)Scope} is no lock scope", "use weights, kvcache, workspace or a list of them");
        if (Lock is LockPolicy.Try or LockPolicy.Require && Scope == LockScope.None)
            Refuse("Scope", "locking is asked of nothing", "add weights, kvcache or workspace, or set lock to off");
        if (LargestAllocation == 0)
            Refuse("LargestAllocation", "nothing fits an allocation of 0 bytes", "leave it out, or give a number of bytes");
        for (var i = 0; i < Overrides.Count; i++)
        {
            var (subject, item) = ($"Overrides[{i}]", Overrides[i]);
            if (string.IsNullOrWhiteSpace(item.Pattern))
                Refuse(subject, "the pattern is empty and matches no tensor", "give a pattern such as `blk.*.ffn_*`");
            if (item is { Map: null, Lock: null })
                Refuse(subject, $"`{item.Pattern}` states neither map nor lock", "state one of them, or remove the override");
            if (item.Map is { } m && !Enum.IsDefined(m))
                Refuse(subject, $"{(int)m} is no map policy", "use auto, require or off");
            if (item.Lock is { } l && !Enum.IsDefined(l))
                Refuse(subject, $"{(int)l} is no lock policy", "use off, try or require");
        }
        return refusals;

        void Refuse(string subject, string reason, string cure) => refusals.Add(new(MemoryRefusalCode.BadPolicy, subject, reason, cure));
    }

    /// <summary>The map policy of one tensor.</summary>
    public MapPolicy MapOf(string tensor)
    {
        foreach (var item in Overrides)
        {
            if (item.Map is { } map && NamePattern.Matches(item.Pattern, tensor))
                return map;
        }
        return Map ?? MapPolicy.Auto;
    }

    /// <summary>The lock policy of one weight.</summary>
    public LockPolicy LockOf(string tensor)
    {
        foreach (var item in Overrides)
        {
            if (item.Lock is { } @lock && NamePattern.Matches(item.Pattern, tensor))
                return @lock;
        }
        return Scope.HasFlag(LockScope.Weights) ? Lock : LockPolicy.Off;
    }
}
