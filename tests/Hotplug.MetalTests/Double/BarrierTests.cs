using Hotplug.Metal.Fake;
using Hotplug.Metal.Fake.Shaders;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;
using Hotplug.MetalTests.Fakes;
using Xunit;

namespace Hotplug.MetalTests.Double;

/// <summary>Barriers between dispatches: missing ones are found, present ones suffice.</summary>
public sealed unsafe class BarrierTests
{
    [Theory]
    [InlineData(DispatchOrder.Reversed)]
    [InlineData(DispatchOrder.Shuffled)]
    [InlineData(DispatchOrder.Recorded)]
    public void A_missing_barrier(DispatchOrder order)
    {
        using var bench = new Bench(new() { Order = order }, ScriptedFunction.AddConstant());
        var add = bench.Pipeline("add");
        var (a, b, c) = (bench.Floats(1), bench.Floats(0), bench.Floats(0));
        Chain(bench, add, a, b, c, _ => { });
        Assert.Contains("add", bench.Single(ViolationKind.MissingBarrier).Text);
    }

    [Fact]
    public void A_missing_barrier_gives_a_wrong_result_even_where_the_executor_does_not_trace()
    {
        using var bench = new Bench(null, Untraced());
        var add = bench.Pipeline("add");
        var (a, b, c) = (bench.Floats(1), bench.Floats(0), bench.Floats(0));
        Chain(bench, add, a, b, c, _ => { });
        Assert.NotEqual(3, Bench.Values(c)[0]);
    }

    [Theory]
    [InlineData(DispatchOrder.Reversed)]
    [InlineData(DispatchOrder.Shuffled)]
    public void A_barrier_of_either_kind_makes_it_right(DispatchOrder order)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            using var bench = new Bench(new() { Order = order, Seed = seed }, ScriptedFunction.AddConstant());
            var add = bench.Pipeline("add");
            var (a, b, c) = (bench.Floats(1), bench.Floats(0), bench.Floats(0));
            Chain(bench, add, a, b, c, e => e.Barrier());
            Assert.Equal(3, Bench.Values(c)[0]);
            Bench.Values(c)[0] = 0;
            Chain(bench, add, a, b, c, e => e.Barrier(b));
            Assert.Equal(3, Bench.Values(c)[0]);
        }
    }

    [Fact]
    public void A_barrier_for_another_buffer_does_not_help()
    {
        using var bench = new Bench(null, ScriptedFunction.AddConstant());
        var add = bench.Pipeline("add");
        var (a, b, c) = (bench.Floats(1), bench.Floats(0), bench.Floats(0));
        Chain(bench, add, a, b, c, e => e.Barrier(c, a));
        // The first dispatch does not use c, and the second not a.
        bench.Single(ViolationKind.MissingBarrier);
    }

    [Fact]
    public void Parts_of_one_buffer_need_no_barrier_when_they_do_not_meet()
    {
        using var bench = new Bench(null, ScriptedFunction.AddConstant());
        var add = bench.Pipeline("add");
        var source = bench.Floats(1);
        var shared = bench.Floats(0, 0);
        bench.Run(MTLDispatchType.Concurrent, e =>
        {
            e.SetPipeline(add);
            e.SetBytes(2, 1f);
            e.SetBuffer(0, source, 0);
            e.SetBuffer(1, shared, 0);
            e.Dispatch(new(1), new(1));
            e.SetBuffer(1, shared, 4);
            e.Dispatch(new(1), new(1));
        });
        Assert.Equal([2f, 2f], Bench.Values(shared).ToArray());
    }

    private static ScriptedFunction Untraced() => new("add", [ScriptedFunction.Device(0, false), ScriptedFunction.Device(1), ScriptedFunction.Constant(2)], static (in ShaderDispatch d) =>
        *(float*)d.Buffers[1].Pointer = *(float*)d.Buffers[0].Pointer + *(float*)d.Buffers[2].Pointer) { Traces = false };

    /// <summary>b = a + 1, then c = b + 1, with something between.</summary>
    private static void Chain(Bench bench, MetalPipeline add, MetalBuffer a, MetalBuffer b, MetalBuffer c, Bench.Recording between)
    {
        Bench.Values(b)[0] = 0;
        bench.Run(MTLDispatchType.Concurrent, e =>
        {
            e.SetPipeline(add);
            e.SetBytes(2, 1f);
            e.SetBuffer(0, a, 0);
            e.SetBuffer(1, b, 0);
            e.Dispatch(new(1), new(1));
            between(e);
            e.SetBuffer(0, b, 0);
            e.SetBuffer(1, c, 0);
            e.Dispatch(new(1), new(1));
        });
    }
}
