using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Runtime.KvCache;

namespace Hotplug.Runtime.Execution;

/// <summary>
/// The tokens of one step: rows of one or several sequences. Reused from step to step; grows to the largest step and then allocates nothing. Not thread-safe.
/// </summary>
public sealed class StepBatch
{
    private int[] _tokens = new int[16];
    private int[] _positions = new int[16];
    private int[] _outputRows = new int[16];
    private SequenceStep[] _steps = new SequenceStep[4];
    private KvSequence[] _sequences = new KvSequence[4];

    /// <summary>Rows so far.</summary>
    public int TokenCount { get; private set; }

    /// <summary>Rows chosen for output so far.</summary>
    public int OutputCount { get; private set; }

    /// <summary>Sequences so far.</summary>
    public int SequenceCount { get; private set; }

    internal ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, TokenCount);

    internal ReadOnlySpan<int> Positions => _positions.AsSpan(0, TokenCount);

    internal ReadOnlySpan<int> OutputRows => _outputRows.AsSpan(0, OutputCount);

    internal Span<SequenceStep> Steps => _steps.AsSpan(0, SequenceCount);

    internal ReadOnlySpan<KvSequence> Sequences => _sequences.AsSpan(0, SequenceCount);

    internal StepBounds Extents => new() { Tokens = TokenCount, OutputRows = OutputCount, Sequences = SequenceCount };

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        Array.Clear(_sequences, 0, SequenceCount);
        TokenCount = OutputCount = SequenceCount = 0;
    }

    /// <summary>Adds the next tokens of a sequence. A sequence may be added once per step.</summary>
    /// <param name="sequence">The sequence; its length grows by the tokens when the step has run.</param>
    /// <param name="tokens">At least one token id; checked against the vocabulary when the step runs.</param>
    /// <param name="outputs">How many of the last tokens get a row of logits.</param>
    public void Add(KvSequence sequence, ReadOnlySpan<int> tokens, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tokens.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)outputs, (uint)tokens.Length, nameof(outputs));
        foreach (var other in Sequences)
            if (ReferenceEquals(other, sequence)) throw new ArgumentException("A sequence can have only one run of rows in a step.", nameof(sequence));

        Grow(ref _tokens, TokenCount + tokens.Length);
        Grow(ref _positions, TokenCount + tokens.Length);
        Grow(ref _outputRows, OutputCount + outputs);
        Grow(ref _steps, SequenceCount + 1);
        Grow(ref _sequences, SequenceCount + 1);

        tokens.CopyTo(_tokens.AsSpan(TokenCount));
        for (var i = 0; i < tokens.Length; i++) _positions[TokenCount + i] = sequence.FirstPosition + sequence.Length + i;
        for (var i = 0; i < outputs; i++) _outputRows[OutputCount + i] = TokenCount + tokens.Length - outputs + i;
        _steps[SequenceCount] = new SequenceStep
        {
            FirstRow = TokenCount,
            RowCount = tokens.Length,
            CachedLength = sequence.Length,
            FirstPosition = sequence.FirstPosition,
        };
        _sequences[SequenceCount] = sequence;
        TokenCount += tokens.Length;
        OutputCount += outputs;
        SequenceCount++;
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (length > array.Length) Array.Resize(ref array, Math.Max(length, 2 * array.Length));
    }
}
