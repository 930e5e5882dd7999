using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Accelerators.Programs;

/// <summary>What the table of a program's steps holds, and how large it can get.</summary>
public sealed class StepTableShape
{
    /// <summary>Tables are sent in multiples of so many bytes, so that few sizes occur.</summary>
    public const int Grain = 1024;

    private StepTableShape(IReadOnlyList<RopeKey> rotations, IReadOnlyList<RopeKey> shifts, long maxBytes) => (Rotations, Shifts, MaxBytes) = (rotations, shifts, maxBytes);

    /// <summary>Rotations by the rows' positions, each with a table of its own.</summary>
    public IReadOnlyList<RopeKey> Rotations { get; }

    /// <summary>Rotations by the sequences' shifts.</summary>
    public IReadOnlyList<RopeKey> Shifts { get; }

    /// <summary>Bytes at the bounds of the slice; a multiple of <see cref="Grain"/>.</summary>
    public long MaxBytes { get; }

    /// <summary>The table that the operations of a slice need.</summary>
    public static StepTableShape Of(GraphSlice slice)
    {
        RopeKey[] rotations = [.. slice.Operations.OfType<Rope>().Select(RopeKey.Of).Distinct()];
        RopeKey[] shifts = [.. slice.Operations.OfType<KvShift>().Select(RopeKey.Of).Distinct()];
        var bounds = slice.Bounds;
        var pages = slice.KvLayout is { } layout ? (bounds.Context + layout.Spec.PageTokens - 1) / layout.Spec.PageTokens : 0;
        var words = checked((long)bounds.Sequences * (StepTables.SequenceWords + pages) + 3L * bounds.Tokens + bounds.OutputRows);
        foreach (var key in rotations) words = checked(words + (long)bounds.Tokens * key.Parameters.RotaryWidth);
        foreach (var key in shifts) words = checked(words + (long)bounds.Sequences * key.Parameters.RotaryWidth);
        return new(rotations, shifts, checked(Math.Max(1, (words * sizeof(int) + Grain - 1) / Grain) * Grain));
    }
}
