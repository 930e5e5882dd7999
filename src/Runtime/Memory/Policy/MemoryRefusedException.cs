namespace Hotplug.Runtime.Memory.Policy;

/// <summary>A load or an allocation was refused by policy. Nothing is held.</summary>
public sealed class MemoryRefusedException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="refusals">At least one.</param>
    public MemoryRefusedException(params IReadOnlyList<MemoryRefusal> refusals) : base(Text(refusals)) => Refusals = refusals;

    /// <summary>Every reason that was found, not only the first.</summary>
    public IReadOnlyList<MemoryRefusal> Refusals { get; }

    private static string Text(IReadOnlyList<MemoryRefusal> refusals)
    {
        ArgumentNullException.ThrowIfNull(refusals);
        return refusals.Count switch
        {
            0 => throw new ArgumentException("A refusal has a reason.", nameof(refusals)),
            1 => refusals[0].ToString(),
            _ => $"{refusals[0]} (and {refusals.Count - 1} more of this kind or another)",
        };
    }
}
