using System.Runtime.InteropServices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;

namespace Hotplug.Accelerators.Programs;

/// <summary>
/// The numbers of one step that kernels read, one behind the other in one run of words that goes to the device with one copy: sequences and rows
/// (see <see cref="StepTables"/>), token ids, positions, output rows, page lists, and the cosines and sines of the rotations. Only as long as the step needs.
/// Used again for later steps; allocates nothing once it is large enough.
/// </summary>
public sealed class StepTable(StepTableShape shape, IReadOnlyList<RopeTable> rotations, IReadOnlyList<RopeTable> shifts)
{
    private readonly int[] _rotations = new int[rotations.Count];
    private readonly int[] _shifts = new int[shifts.Count];
    private int[] _words = [];

    /// <summary>Numbers of the symbols.</summary>
    public StepBounds Extents { get; private set; }

    /// <summary>Words in use.</summary>
    public int Length { get; private set; }

    /// <summary>Where the sequences begin, in words.</summary>
    public int Sequences => 0;

    /// <summary>Where the sequence of each row begins.</summary>
    public int RowSequences { get; private set; }

    /// <summary>Where the token ids begin.</summary>
    public int TokenIds { get; private set; }

    /// <summary>Where the positions begin.</summary>
    public int Positions { get; private set; }

    /// <summary>Where the output rows begin.</summary>
    public int OutputRows { get; private set; }

    /// <summary>Where the page lists begin.</summary>
    public int Pages { get; private set; }

    /// <summary>Words of all page lists.</summary>
    public int PageCount { get; private set; }

    /// <summary>Cells that the longest sequence has with this step.</summary>
    public int MostCells { get; private set; }

    /// <summary>Bytes to send: the words, rounded up to the grain.</summary>
    public int SendBytes => (Math.Max(1, Length) * sizeof(int) + StepTableShape.Grain - 1) / StepTableShape.Grain * StepTableShape.Grain;

    /// <summary>Where the table of a rotation begins.</summary>
    public int Rotation(int index) => _rotations[index];

    /// <summary>Where the table of a shift begins.</summary>
    public int Shift(int index) => _shifts[index];

    /// <summary>Takes a step's numbers over.</summary>
    public void Fill(in StepArguments arguments)
    {
        Extents = arguments.Extents;
        (PageCount, MostCells) = (0, 0);
        foreach (ref readonly var sequence in arguments.Sequences) MostCells = Math.Max(MostCells, sequence.CachedLength + sequence.RowCount);
        var pageTokens = arguments.KvPool?.Layout.Spec.PageTokens ?? 0;
        // A list may be longer than what the step reaches; the room was reckoned without that.
        if (pageTokens > 0)
            foreach (ref readonly var sequence in arguments.Sequences) PageCount += Reached(sequence, pageTokens);
        RowSequences = arguments.Sequences.Length * StepTables.SequenceWords;
        TokenIds = RowSequences + Extents.Tokens;
        Positions = TokenIds + arguments.TokenIds.Length;
        OutputRows = Positions + arguments.Positions.Length;
        Pages = OutputRows + arguments.OutputRows.Length;
        var end = Pages + PageCount;
        for (var i = 0; i < rotations.Count; i++)
        {
            _rotations[i] = end;
            end += arguments.Positions.Length * rotations[i].RowLength;
        }
        for (var i = 0; i < shifts.Count; i++)
        {
            _shifts[i] = end;
            end += arguments.Sequences.Length * shifts[i].RowLength;
        }
        Length = end;
        if (SendBytes > shape.MaxBytes) throw new ArgumentException($"A step's table of {SendBytes} bytes exceeds the {shape.MaxBytes} of the bounds.", nameof(arguments));
        if (_words.Length < end) _words = new int[Math.Max(end, Math.Min(2 * _words.Length, (int)(shape.MaxBytes / sizeof(int))))];

        var words = _words.AsSpan(0, end);
        StepTables.FillSequences(arguments.Sequences, words);
        StepTables.FillRows(arguments.Sequences, words[RowSequences..]);
        arguments.TokenIds.CopyTo(words[TokenIds..]);
        arguments.Positions.CopyTo(words[Positions..]);
        arguments.OutputRows.CopyTo(words[OutputRows..]);
        var at = Pages;
        for (var s = 0; s < arguments.Sequences.Length && pageTokens > 0; s++)
        {
            ref readonly var sequence = ref arguments.Sequences[s];
            var reached = Reached(sequence, pageTokens);
            arguments.Pages.Slice(sequence.FirstPage, reached).CopyTo(words[at..]);
            // The lists have moved together.
            words[s * StepTables.SequenceWords + StepTables.FirstPage] = at - Pages;
            words[s * StepTables.SequenceWords + StepTables.PageCount] = reached;
            at += reached;
        }
        var numbers = MemoryMarshal.Cast<int, float>(words);
        for (var i = 0; i < rotations.Count; i++) rotations[i].Fill(arguments.Positions, numbers[_rotations[i]..]);
        for (var i = 0; i < shifts.Count; i++) shifts[i].FillShifts(arguments.Sequences, numbers[_shifts[i]..]);
    }

    /// <summary>Copies the words to memory with room for <see cref="SendBytes"/>.</summary>
    public void CopyTo(Span<byte> memory) => MemoryMarshal.AsBytes(_words.AsSpan(0, Length)).CopyTo(memory);

    private static int Reached(in SequenceStep sequence, int pageTokens)
        => Math.Min(sequence.PageCount, (sequence.CachedLength + sequence.RowCount + pageTokens - 1) / pageTokens);
}
