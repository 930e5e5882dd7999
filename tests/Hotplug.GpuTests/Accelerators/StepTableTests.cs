using System.Runtime.InteropServices;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Xunit;

namespace Hotplug.GpuTests.Accelerators;

public sealed class StepTableTests
{
    private const int PageTokens = 4, RotaryWidth = 8;

    private static readonly StepBounds Bounds = new() { Tokens = 16, OutputRows = 4, Sequences = 3, Context = 64 };

    private static readonly Layout Cache = new();

    [Fact]
    public void Numbers_of_a_step_lie_where_the_table_says()
    {
        var random = new Random(1);
        var (table, rotation) = Make();
        for (var round = 0; round < 200; round++)
        {
            var step = RandomStep(random);
            var pool = new KvPool(Cache, [], 1, 0);
            table.Fill(new StepArguments { TokenIds = step.Ids, Positions = step.Positions, OutputRows = step.Rows, Sequences = step.Sequences, Pages = step.Pages, KvPool = pool });
            var words = Words(table);
            Assert.Equal(step.Ids.Length, table.Extents.Tokens);
            Assert.Equal(step.Ids, words.AsSpan(table.TokenIds, step.Ids.Length));
            Assert.Equal(step.Positions, words.AsSpan(table.Positions, step.Positions.Length));
            Assert.Equal(step.Rows, words.AsSpan(table.OutputRows, step.Rows.Length));
            var (most, pages) = (0, 0);
            for (var s = 0; s < step.Sequences.Length; s++)
            {
                var sequence = step.Sequences[s];
                var entry = words.AsSpan(table.Sequences + s * StepTables.SequenceWords, StepTables.SequenceWords);
                Assert.Equal([sequence.FirstRow, sequence.RowCount], entry[..2]);
                Assert.Equal([sequence.CachedLength, sequence.FirstPosition, sequence.PositionShift, 0], entry[4..]);
                for (var row = 0; row < sequence.RowCount; row++) Assert.Equal(s, words[table.RowSequences + sequence.FirstRow + row]);
                // As many pages as the cells reach, and no more: lists may be longer.
                var reached = (sequence.CachedLength + sequence.RowCount + PageTokens - 1) / PageTokens;
                Assert.Equal(reached, entry[StepTables.PageCount]);
                Assert.Equal(step.Pages.AsSpan(sequence.FirstPage, reached), words.AsSpan(table.Pages + entry[StepTables.FirstPage], reached));
                (most, pages) = (Math.Max(most, sequence.CachedLength + sequence.RowCount), pages + reached);
            }
            Assert.Equal((most, pages), (table.MostCells, table.PageCount));
            var expected = new float[step.Positions.Length * rotation.RowLength];
            rotation.Fill(step.Positions, expected);
            Assert.Equal(expected, MemoryMarshal.Cast<int, float>(words.AsSpan(table.Rotation(0), expected.Length)));
            Assert.True(table.SendBytes % StepTableShape.Grain == 0 && table.SendBytes >= table.Length * 4 && table.SendBytes <= Shape.MaxBytes, $"{table.SendBytes} bytes to send.");
        }
    }

    [Fact]
    public void Largest_step_has_room_and_a_larger_one_is_refused()
    {
        var (table, _) = Make();
        var sequences = Enumerable.Range(0, Bounds.Sequences).Select(s => new SequenceStep
        {
            FirstRow = s * 5, RowCount = s == 2 ? 6 : 5, FirstPage = s * 100, PageCount = 100, CachedLength = Bounds.Context - (s == 2 ? 6 : 5),
        }).ToArray();
        var pool = new KvPool(Cache, [], 1, 0);
        var (ids, rows, pages) = (new int[Bounds.Tokens], new int[Bounds.OutputRows], Enumerable.Range(0, 300).ToArray());
        table.Fill(new StepArguments { TokenIds = ids, Positions = ids, OutputRows = rows, Sequences = sequences, Pages = pages, KvPool = pool });
        Assert.Equal(3 * Bounds.Context / PageTokens, table.PageCount);
        Assert.True(table.SendBytes <= Shape.MaxBytes);
        var many = new int[4000];
        Assert.Throws<ArgumentException>(() => table.Fill(new StepArguments { TokenIds = many, Positions = many, Sequences = sequences, Pages = pages, KvPool = pool }));
    }

    [Fact]
    public void Empty_step_and_steps_without_a_cache_are_taken()
    {
        var (table, _) = Make();
        table.Fill(new StepArguments());
        Assert.Equal((0, 0, StepTableShape.Grain), (table.Length, table.PageCount, table.SendBytes));
        SequenceStep[] sequences = [new() { FirstRow = 0, RowCount = 2, PageCount = 3 }];
        table.Fill(new StepArguments { TokenIds = [1, 2], Positions = [0, 1], Sequences = sequences, Pages = [7, 8, 9] });
        Assert.Equal(0, table.PageCount);
        Assert.Equal([1, 2], Words(table).AsSpan(table.TokenIds, 2));
    }

    [Fact]
    public void Filling_again_allocates_nothing()
    {
        var (table, _) = Make();
        var step = RandomStep(new Random(3));
        var pool = new KvPool(Cache, [], 1, 0);
        void Fill() => table.Fill(new StepArguments { TokenIds = step.Ids, Positions = step.Positions, OutputRows = step.Rows, Sequences = step.Sequences, Pages = step.Pages, KvPool = pool });
        for (var i = 0; i < 100; i++) Fill();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Fill();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static StepTableShape Shape { get; } = StepTableShape.Of(Slice());

    private static (StepTable Table, RopeTable Rotation) Make()
    {
        var rotation = new RopeTable(Assert.Single(Shape.Rotations).Parameters, []);
        return (new StepTable(Shape, [rotation], []), rotation);
    }

    private static int[] Words(StepTable table)
    {
        var bytes = new byte[table.SendBytes];
        table.CopyTo(bytes);
        return MemoryMarshal.Cast<byte, int>(bytes).ToArray();
    }

    // Sequences behind one another, each with a page list longer than it needs.
    private static (int[] Ids, int[] Positions, int[] Rows, SequenceStep[] Sequences, int[] Pages) RandomStep(Random random)
    {
        var (sequences, pages, tokens) = (new List<SequenceStep>(), new List<int>(), 0);
        for (var s = random.Next(1, Bounds.Sequences + 1); s > 0; s--)
        {
            var (rows, cached) = (random.Next(0, 5), random.Next(0, 50));
            var count = (rows + cached + PageTokens - 1) / PageTokens + random.Next(3);
            sequences.Add(new SequenceStep { FirstRow = tokens, RowCount = rows, FirstPage = pages.Count, PageCount = count, CachedLength = cached, FirstPosition = random.Next(10), PositionShift = random.Next(-5, 6) });
            for (var i = 0; i < count; i++) pages.Add(random.Next(1000));
            tokens += rows;
        }
        int[] Many(int count, int most) => [.. Enumerable.Range(0, count).Select(_ => random.Next(most))];
        return (Many(tokens, 1000), Many(tokens, 5000), Many(Math.Min(tokens, random.Next(Bounds.OutputRows + 1)), 16), [.. sequences], [.. pages]);
    }

    private static GraphSlice Slice()
    {
        var (x, y) = (new GraphValue("x", TensorType.F32, new SymbolicShape(RotaryWidth, 2, Dimension.Tokens)), new GraphValue("y", TensorType.F32, new SymbolicShape(RotaryWidth, 2, Dimension.Tokens)));
        return new GraphSlice
        {
            Operations = [new Rope(x, null, new RopeParameters { Style = RopeStyle.Halves, RotaryWidth = RotaryWidth }, y)],
            Weights = [], Inputs = [x], Outputs = [y], Bounds = Bounds, KvLayout = Cache,
        };
    }

    private sealed class Layout : IKvLayout
    {
        public KvCacheSpec Spec { get; } = new() { PageTokens = PageTokens, Layers = [] };
        public IBufferType BufferType => throw new NotSupportedException();
        public nuint PageBytes => 256;
        public void Read(KvPageRef page, int layer, KvPart part, int firstCell, Span<byte> rows) => throw new NotSupportedException();
        public void Write(KvPageRef page, int layer, KvPart part, int firstCell, ReadOnlySpan<byte> rows) => throw new NotSupportedException();
        public void Copy(KvPageRef source, KvPageRef destination) => throw new NotSupportedException();
    }
}
