using Hotplug.Metal.Fake;
using Hotplug.Metal.Fake.Shaders;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;
using Hotplug.MetalTests.Fakes;
using Xunit;

namespace Hotplug.MetalTests.Double;

/// <summary>Deliberate defects of work in flight: lifetimes, memory of the host, kernels that go astray.</summary>
public sealed unsafe class FlightDefectTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_buffer_freed_in_flight(bool retaining)
    {
        using var bench = new Bench();
        var buffer = bench.Device.NewBuffer(16, MTLResourceOptions.StorageModeShared)!;
        var commands = Fill(bench, buffer, retaining);
        commands.Commit();
        buffer.Dispose();
        Assert.Contains("MTLBuffer", bench.Single(ViolationKind.FreedInFlight).Text);
        commands.WaitUntilCompleted();
        Assert.Equal(retaining ? MTLCommandBufferStatus.Completed : MTLCommandBufferStatus.Error, commands.Status);
    }

    [Fact]
    public void A_buffer_freed_before_the_commit_of_what_does_not_hold_it()
    {
        using var bench = new Bench();
        var buffer = bench.Device.NewBuffer(16, MTLResourceOptions.StorageModeShared)!;
        var commands = Fill(bench, buffer, retaining: false);
        buffer.Dispose();
        Assert.Empty(bench.Fake.Violations);
        commands.Commit();
        bench.Single(ViolationKind.FreedInFlight);
        commands.WaitUntilCompleted();
        Assert.Equal(MTLCommandBufferStatus.Error, commands.Status);
    }

    [Fact]
    public void A_buffer_freed_in_flight_where_metal_allows_it()
    {
        using var bench = new Bench(new() { StrictLifetimes = false });
        var buffer = bench.Device.NewBuffer(16, MTLResourceOptions.StorageModeShared)!;
        var commands = Fill(bench, buffer, retaining: true);
        commands.Commit();
        buffer.Dispose();
        Assert.NotEqual(0u, bench.Fake.AllocatedBytes);
        commands.WaitUntilCompleted();
        Assert.Equal(0u, bench.Fake.AllocatedBytes);
    }

    [Fact]
    public void Memory_unmapped_in_flight()
    {
        using var bench = new Bench();
        using var pages = new HostPages(65536);
        var buffer = bench.Own(bench.Device.WrapMemory(pages.Pointer, 65536)!);
        var commands = Fill(bench, buffer, retaining: true);
        commands.Commit();
        pages.MakeInaccessible();
        commands.WaitUntilCompleted();
        bench.Single(ViolationKind.Unmapped);
        Assert.Equal((long)MTLCommandBufferError.PageFault, commands.Error?.Code);
    }

    [Fact]
    public void Writing_to_read_only_memory()
    {
        using var bench = new Bench(null, ScriptedFunction.AddConstant());
        using var pages = new HostPages(65536);
        var add = bench.Pipeline("add");
        pages.Floats[0] = 4;
        pages.MakeReadOnly();
        var buffer = bench.Own(bench.Device.WrapMemory(pages.Pointer, 65536)!);
        var result = bench.Floats(0);
        Assert.Null(Add(bench, add, buffer, result, 1).Error);
        Assert.Equal(5, Bench.Values(result)[0]);
        Assert.Equal((long)MTLCommandBufferError.PageFault, Add(bench, add, result, buffer, 1).Error?.Code);
        bench.Single(ViolationKind.ReadOnly);
    }

    [Fact]
    public void A_kernel_that_reports_a_fault()
    {
        var faulty = new ScriptedFunction("faulty", [], static (in ShaderDispatch _) => throw new ShaderFaultException("divergent barrier in faulty, thread 3"));
        using var bench = new Bench(null, faulty);
        var pipeline = bench.Pipeline("faulty");
        var commands = bench.Run(MTLDispatchType.Serial, e =>
        {
            e.SetPipeline(pipeline);
            e.Dispatch(new(1), new(4));
        });
        Assert.Equal(MTLCommandBufferStatus.Error, commands.Status);
        Assert.Contains("divergent", bench.Single(ViolationKind.Kernel).Text);
    }

    [Theory]
    [InlineData(true, 16, 4)]
    [InlineData(true, -4, 4)]
    [InlineData(false, 12, 8)]
    public void A_kernel_that_reports_memory_outside_of_what_is_bound(bool writes, int offset, int length)
    {
        var stray = new ScriptedFunction("stray", [ScriptedFunction.Device(0)], (in ShaderDispatch d) =>
        {
            if (writes) d.Trace!.Write(d.Buffers[0].Pointer + offset, (nuint)length);
            else d.Trace!.Read(d.Buffers[0].Pointer + offset, (nuint)length);
        });
        using var bench = new Bench(null, stray);
        var pipeline = bench.Pipeline("stray");
        var buffer = bench.Floats(1, 2, 3, 4);
        bench.Run(MTLDispatchType.Serial, e =>
        {
            e.SetPipeline(pipeline);
            e.SetBuffer(0, buffer, 0);
            e.Dispatch(new(1), new(1));
        });
        bench.Single(ViolationKind.Kernel);
    }

    [Fact]
    public void Bytes_that_a_kernel_wrote_behind_a_buffer()
    {
        var over = new ScriptedFunction("over", [ScriptedFunction.Device(0)], static (in ShaderDispatch d) => ((float*)d.Buffers[0].Pointer)[1] = 0) { Traces = false };
        using var bench = new Bench(null, over);
        var pipeline = bench.Pipeline("over");
        var buffer = bench.Floats(1);
        bench.Run(MTLDispatchType.Serial, e =>
        {
            e.SetPipeline(pipeline);
            e.SetBuffer(0, buffer, 0);
            e.Dispatch(new(1), new(1));
        });
        bench.Single(ViolationKind.Overrun);
    }

    private static MetalCommandBuffer Add(Bench bench, MetalPipeline add, MetalBuffer from, MetalBuffer to, float value) =>
        bench.Run(MTLDispatchType.Serial, e =>
        {
            e.SetPipeline(add);
            e.SetBytes(2, value);
            e.SetBuffer(0, from, 0);
            e.SetBuffer(1, to, 0);
            e.Dispatch(new(1), new(1));
        });

    private static MetalCommandBuffer Fill(Bench bench, MetalBuffer buffer, bool retaining)
    {
        using var pool = bench.Runtime.Pool();
        var commands = bench.Own(bench.Queue.NewCommandBuffer(retaining));
        using (var blit = commands.Blit()) blit.Fill(buffer, 0, 16, 3);
        return commands;
    }
}
