namespace Hotplug.Abstractions.Execution;

/// <summary>One sequence's part in a step.</summary>
public readonly record struct SequenceStep
{
    /// <summary>First row of the sequence among the step's tokens; the rows of a sequence are contiguous and in order.</summary>
    public required int FirstRow { get; init; }

    /// <summary>Rows of the sequence in the step.</summary>
    public required int RowCount { get; init; }

    /// <summary>First entry of its page list in <see cref="StepArguments.Pages"/>.</summary>
    public int FirstPage { get; init; }

    /// <summary>Entries of its page list: enough for <see cref="CachedLength"/> + <see cref="RowCount"/> cells.</summary>
    public int PageCount { get; init; }

    /// <summary>Cells already in the cache, before this step.</summary>
    public int CachedLength { get; init; }

    /// <summary>Position of the first cached cell; cell c stands at position FirstPosition + c.</summary>
    public int FirstPosition { get; init; }

    /// <summary>For <c>KvShift</c>: what is added to the positions of the cached cells.</summary>
    public int PositionShift { get; init; }
}
