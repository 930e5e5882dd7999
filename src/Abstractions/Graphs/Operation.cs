namespace Hotplug.Abstractions.Graphs;

/// <summary>
/// An operation of a graph. The kinds are the sealed records of <c>Hotplug.Abstractions.Graphs.Operations</c>; later minors of
/// the contract may add some, and a device answers No to those it does not know. Immutable.
/// </summary>
public abstract record Operation
{
    private protected Operation() { }

    /// <summary>What it reads, weights included, in a fixed order; absent optional operands are left out.</summary>
    public abstract IReadOnlyList<GraphValue> Reads { get; }

    /// <summary>What it writes; empty for operations on the KV cache.</summary>
    public abstract IReadOnlyList<GraphValue> Writes { get; }

    /// <summary>The layer of the KV cache it works on, or null.</summary>
    public virtual int? KvLayer => null;

    /// <summary>Lists operands, leaving out the absent.</summary>
    private protected static IReadOnlyList<GraphValue> List(params ReadOnlySpan<GraphValue?> values)
    {
        var list = new List<GraphValue>(values.Length);
        foreach (var value in values)
            if (value is not null) list.Add(value);
        return list;
    }
}
