using Hotplug.Abstractions.Execution;

namespace Hotplug.Accelerators.Programs;

/// <summary>
/// Tables of numbers that kernels of a step read, all of 32-bit integers: the sequences, one entry of <see cref="SequenceWords"/> words each with the fields below;
/// for every row of the step the number of its sequence; positions and page lists as <see cref="StepArguments"/> has them.
/// </summary>
public static class StepTables
{
    /// <summary>Words of a sequence's entry.</summary>
    public const int SequenceWords = 8;

    /// <summary>Field of <see cref="SequenceStep.FirstRow"/>.</summary>
    public const int FirstRow = 0;

    /// <summary>Field of <see cref="SequenceStep.RowCount"/>.</summary>
    public const int RowCount = 1;

    /// <summary>Field of <see cref="SequenceStep.FirstPage"/>.</summary>
    public const int FirstPage = 2;

    /// <summary>Field of <see cref="SequenceStep.PageCount"/>.</summary>
    public const int PageCount = 3;

    /// <summary>Field of <see cref="SequenceStep.CachedLength"/>.</summary>
    public const int CachedLength = 4;

    /// <summary>Field of <see cref="SequenceStep.FirstPosition"/>.</summary>
    public const int FirstPosition = 5;

    /// <summary>Field of <see cref="SequenceStep.PositionShift"/>. The word behind it is 0.</summary>
    public const int PositionShift = 6;

    /// <summary>Writes the table of sequences.</summary>
    /// <param name="sequences">The sequences.</param>
    /// <param name="table">Room for <see cref="SequenceWords"/> words each.</param>
    public static void FillSequences(ReadOnlySpan<SequenceStep> sequences, Span<int> table)
    {
        for (var s = 0; s < sequences.Length; s++)
        {
            var entry = table.Slice(s * SequenceWords, SequenceWords);
            ref readonly var sequence = ref sequences[s];
            entry[FirstRow] = sequence.FirstRow;
            entry[RowCount] = sequence.RowCount;
            entry[FirstPage] = sequence.FirstPage;
            entry[PageCount] = sequence.PageCount;
            entry[CachedLength] = sequence.CachedLength;
            entry[FirstPosition] = sequence.FirstPosition;
            entry[PositionShift] = sequence.PositionShift;
            entry[7] = 0;
        }
    }

    /// <summary>Writes the number of its sequence for every row of the step.</summary>
    /// <param name="sequences">The sequences; together they cover all rows.</param>
    /// <param name="table">Room for one word per row.</param>
    public static void FillRows(ReadOnlySpan<SequenceStep> sequences, Span<int> table)
    {
        for (var s = 0; s < sequences.Length; s++) table.Slice(sequences[s].FirstRow, sequences[s].RowCount).Fill(s);
    }
}
