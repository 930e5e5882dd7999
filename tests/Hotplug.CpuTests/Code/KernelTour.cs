using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Formats;
using Hotplug.Testing.Fixtures;
using Xunit;

namespace Hotplug.CpuTests.Code;

/// <summary>Every kernel that this machine would choose, at least once: one token and many, whole panels and remainders. <see cref="MachineCodeTests"/> runs it in a process of its own.</summary>
public sealed class KernelTour : CpuTest
{
    // The best, and AVX2 where that is another: its code is looked at. With one thread each, so that no two methods are compiled at once.
    internal static IReadOnlyList<BackendRun> Chosen(IReadOnlyList<BackendRun> runs)
        => InstructionSets.Best == InstructionSet.Avx512 ? [runs[(int)InstructionSet.Avx2], runs[(int)InstructionSet.Avx512]] : [runs[(int)InstructionSets.Best]];

    public static TheoryData<TensorType> Types => [.. Dequantizer.Types];

    [Theory, MemberData(nameof(Types))]
    public void Products(TensorType type)
    {
        foreach (var tokens in new[] { 1, 21 }) Product(type, tokens).Check(Chosen(Runs));
    }

    [Theory, MemberData(nameof(Types))]
    public void Products_allocate_nothing(TensorType type) => AllocatesNothing(type, Best);

    internal static void AllocatesNothing(TensorType type, BackendRun backend)
    {
        foreach (var tokens in new[] { 1, 21 }) Product(type, tokens).AllocatesNothing(backend);
    }

    [Theory, InlineData(TensorType.F32), InlineData(TensorType.F16), InlineData(TensorType.BF16)]
    public void Attention(TensorType cacheType)
    {
        foreach (var rows in new[] { 1, 20 })
        {
            const int Heads = 2, Groups = 3, Width = 64, Cells = 70;
            var spec = new KvCacheSpec { PageTokens = 32, Layers = [new() { Layer = 0, Heads = Heads, KeyWidth = Width, ValueWidth = Width, KeyType = cacheType, ValueType = cacheType }] };
            var step = new ReferenceStep
            {
                TokenIds = new int[rows],
                Positions = Enumerable.Range(Cells - rows, rows).ToArray(),
                Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = rows, CachedLength = Cells - rows, FirstPage = 0, PageCount = 3 } },
                Pages = new[] { 0, 1, 2 },
            };
            var cache = new ReferenceKvCache(spec, 3);
            var random = new Random(1);
            var vector = new double[Width];
            foreach (var part in Enum.GetValues<KvPart>())
                for (var cell = 0; cell < Cells; cell++)
                    for (var head = 0; head < Heads; head++)
                    {
                        foreach (ref var x in vector.AsSpan()) x = (random.NextSingle() - 0.5f) * 4;
                        cache.Write(0, part, cell / 32, cell % 32, head, vector);
                    }
            var test = new Case(random) { Step = step, Kv = spec, Pages = 3, AwaitsRehearsal = true };
            var query = test.Input(new(Width, Heads * Groups, Dimension.Tokens));
            test.Operations.Add(new Attention(query, null, 0, new AttentionParameters { Scale = 0.125f }, new GraphValue("y", TensorType.F32, new(Width * Heads * Groups, Dimension.Tokens))));
            test.Check(Chosen(Runs), cache);
        }
    }

    // Two blocks of the widest type and a bit more than two panels.
    internal static Case Product(TensorType type, int tokens)
    {
        var test = new Case(new Random(1)) { Step = Case.Rows(tokens), AwaitsRehearsal = true };
        var x = test.Input(new(512, Dimension.Tokens));
        test.Operations.Add(new MatMul(test.Weight(type, new(512, 70)), x, null, new GraphValue("y", TensorType.F32, new(70, Dimension.Tokens))));
        return test;
    }
}
