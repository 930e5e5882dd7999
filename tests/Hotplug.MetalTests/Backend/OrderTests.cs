using CsCheck;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Metal.Fake;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Programs;
using Hotplug.MetalTests.Contract;
using Hotplug.Testing.Data;
using Hotplug.Testing.Graphs;
using Xunit;

namespace Hotplug.MetalTests.Backend;

/// <summary>What depends on each other is ordered by barriers, and nothing else is.</summary>
public sealed class OrderTests
{
    /// <summary>
    /// Every access is traced: a barrier that is missing, an access beside an operand or a race within a kernel fails the end of the backend. In whatever order the dispatches run
    /// that nothing orders, the results are the same to the bit.
    /// </summary>
    [Fact]
    public async Task A_model_gives_the_same_in_every_order_that_its_barriers_allow()
    {
        foreach (var mac in (FakeOptions[])[new UnifiedFixture().Mac, new DiscreteFixture().Mac])
        {
            float[][][]? first = null;
            foreach (var order in (DispatchOrder[])[DispatchOrder.Recorded, DispatchOrder.Reversed])
            {
                await using var run = await ResidencyTests.Start(new CheckedFixture { Mac = mac with { Order = order } });
                var graph = ModelCases.Make(TestSeed.For(nameof(OrderTests)), run.Device().Info, TensorType.Q8_0);
                using var runner = new DeviceRunner(run, run.Device(), graph);
                float[][][] results = [.. graph.Steps.Select(runner.Run)];
                first ??= results;
                Assert.Equal(first, results);
            }
        }
    }

    [Fact]
    public async Task Single_operations_order_their_own_dispatches()
    {
        await using var run = await ResidencyTests.Start(new CheckedFixture());
        var random = TestSeed.For(nameof(OrderTests));
        foreach (var kind in (string[])[nameof(Attention), nameof(AttentionBatch), nameof(KvAppend), nameof(KvShift), nameof(MatMul), nameof(MatMulExperts), nameof(RouteTopK), nameof(Pool)])
            for (var i = 0; i < 3; i++) CaseCheck.Run(run, run.Device(), OperationCases.Make(kind, random, run.Device().Info, TensorType.Q8_0));
    }

    /// <summary>A page to a buffer: more parts than the scratch memory has room for, so that attention takes the rows of a step in turns.</summary>
    [Fact]
    public async Task Attention_over_many_buffers_takes_rows_in_turns()
    {
        await using var run = await ResidencyTests.Start(new UnifiedFixture { Limits = new Dictionary<string, string> { ["max-allocation"] = "64KiB" } });
        var random = TestSeed.For(nameof(OrderTests));
        var ran = 0;
        for (var i = 0; i < 60 && ran < 12; i++)
        {
            var graph = OperationCases.Make(nameof(Attention), random, run.Device().Info);
            if (CaseCheck.Refusal(run.Device(), graph, run.Device().BufferTypes[0]) is not null || run.Device().PrepareKvCache(graph.Cache!).PageBytes is < 22_000 or > 65536) continue;
            ran++;
            CaseCheck.Run(run, run.Device(), graph);
        }
        Assert.True(ran > 0, "No case has pages of which a buffer holds few.");
    }

    [Fact]
    public void A_barrier_stands_between_conflicts_and_nowhere_else()
    {
        var operand = Gen.Select(Gen.Int[0, 1], Gen.Int[0, 6], Gen.Int[1, 3], Gen.Bool, Gen.Bool, (index, offset, length, written, pool)
            => pool ? Operand.Pool(offset / 2, 0, Math.Min(length, 2), written) : new Operand(OperandKind.Value, new Place(PlaceRoot.Workspace, index, offset, length), 0, written));
        operand.Array[1, 4].Select(operands => (Launch)new Still(operands)).Array[1, 12].Sample(launches =>
        {
            var barriers = BarrierPlan.Of(launches);
            var begin = 0;
            for (var i = 0; i < launches.Length; i++)
            {
                var conflict = Enumerable.Range(begin, i - begin).Any(j => launches[j].Operands.Any(a => launches[i].Operands.Any(b => Touch(a, b))));
                Assert.Equal(conflict, barriers[i]);
                if (barriers[i]) begin = i;
            }
        });

        // Byte by byte, unlike what is tested.
        static bool Touch(Operand a, Operand b) => (a.IsWritten || b.IsWritten) && Bytes(a).Intersect(Bytes(b)).Any();
        static IEnumerable<(OperandKind, int, long)> Bytes(Operand o)
        {
            for (var i = 0L; i < o.Place.Length; i++) yield return (o.Kind, o.Place.Index, o.Place.Offset + i);
        }
    }

    private sealed class Still(IReadOnlyList<Operand> operands) : Launch(operands)
    {
        public override void Encode(MetalStep step, in ComputeEncoder encoder) => throw new NotSupportedException();
    }
}
