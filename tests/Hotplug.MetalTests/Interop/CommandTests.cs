using CsCheck;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;
using Hotplug.MetalTests.Fakes;
using Xunit;

namespace Hotplug.MetalTests.Interop;

/// <summary>Command buffers and encoders, on the double.</summary>
public sealed unsafe class CommandTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Kernels_run_when_they_are_waited_for(bool concurrent)
    {
        using var bench = new Bench(null, ScriptedFunction.AddConstant());
        var add = bench.Pipeline("add");
        var (a, b, c) = (bench.Floats(1, 2, 3), bench.Floats(0, 0, 0), bench.Floats(0, 0, 0));
        var commands = bench.Run(concurrent ? MTLDispatchType.Concurrent : MTLDispatchType.Serial, encoder =>
        {
            encoder.SetPipeline(add);
            encoder.SetBytes(2, 10f);
            encoder.SetBuffer(0, a, 0);
            encoder.SetBuffer(1, b, 0);
            encoder.Dispatch(new(1), new(3));
            if (concurrent) encoder.Barrier();
            encoder.SetBuffer(0, b, 0);
            encoder.SetBuffer(1, c, 0);
            encoder.Dispatch(new(1), new(3));
        }, wait: false);
        Assert.Equal(MTLCommandBufferStatus.Committed, commands.Status);
        Assert.Equal([0f, 0, 0], Bench.Values(c).ToArray());
        commands.WaitUntilCompleted();
        Assert.Equal(MTLCommandBufferStatus.Completed, commands.Status);
        Assert.Equal([21f, 22, 23], Bench.Values(c).ToArray());
        Assert.Equal(2, bench.Fake.Dispatches);
    }

    [Fact]
    public void The_order_is_that_of_enqueueing()
    {
        using var bench = new Bench(null, ScriptedFunction.AddConstant());
        var add = bench.Pipeline("add");
        var (a, b) = (bench.Floats(1), bench.Floats(0));
        using var pool = bench.Runtime.Pool();
        var first = bench.Own(bench.Queue.NewCommandBuffer());
        var second = bench.Own(bench.Queue.NewCommandBuffer());
        first.Enqueue();
        using (var blit = second.Blit()) blit.Copy(b, 0, a, 0, 4);
        second.Commit();
        using (var encoder = first.Compute(MTLDispatchType.Serial))
        {
            encoder.SetPipeline(add);
            encoder.SetBytes(2, 5f);
            encoder.SetBuffer(0, a, 0);
            encoder.SetBuffer(1, b, 0);
            encoder.Dispatch(new(1), new(1));
        }
        first.Commit();
        second.WaitUntilCompleted();
        Assert.Equal(MTLCommandBufferStatus.Completed, first.Status);
        Assert.Equal(6f, Bench.Values(a)[0]);
    }

    [Fact]
    public void What_would_hang_or_end_the_process_is_refused_before()
    {
        using var bench = new Bench();
        using var pool = bench.Runtime.Pool();
        using var commands = bench.Queue.NewCommandBuffer();
        Assert.Throws<InvalidOperationException>(commands.WaitUntilCompleted);
        using (commands.Blit())
        {
            Assert.Throws<InvalidOperationException>(() => { commands.Compute(MTLDispatchType.Serial).Dispose(); });
            Assert.Throws<InvalidOperationException>(() => { commands.Blit().Dispose(); });
            Assert.Throws<InvalidOperationException>(commands.Commit);
        }
        commands.Commit();
        Assert.Throws<InvalidOperationException>(commands.Commit);
        Assert.Throws<InvalidOperationException>(() => { commands.Blit().Dispose(); });
        commands.WaitUntilCompleted();
    }

    [Fact]
    public void Bad_arguments_of_encoders_are_refused_before_metal_sees_them()
    {
        using var bench = new Bench(null, ScriptedFunction.AddConstant());
        var buffer = bench.Floats(1, 2, 3, 4);
        using var pool = bench.Runtime.Pool();
        using var commands = bench.Queue.NewCommandBuffer();
        using (var encoder = commands.Compute(MTLDispatchType.Serial))
        {
            Assert.True(IsRefused(encoder, e => e.SetBytes(0, new byte[ComputeEncoder.MaxInlineBytes + 1])));
            Assert.True(IsRefused(encoder, e => e.SetBytes(0, [])));
            Assert.True(IsRefused(encoder, e => e.SetThreadgroupMemory(0, 8)));
            Assert.True(IsRefused(encoder, e => e.Dispatch(new(0), new(1))));
            Assert.True(IsRefused(encoder, e => e.Dispatch(new(1), new(1, 0))));
        }
        using (var blit = commands.Blit())
        {
            foreach (var (offset, length) in ((ulong, ulong)[])[(0, 20), (16, 4), (20, 0), (2, 4), (0, 6), (4, ulong.MaxValue - 3)])
            {
                var refused = false;
                try
                {
                    blit.Fill(buffer, offset, length, 1);
                }
                catch (ArgumentException)
                {
                    refused = true;
                }
                Assert.True(refused, $"{offset} {length}");
            }
            blit.Fill(buffer, 16, 0, 1);
        }
        commands.Commit();
        commands.WaitUntilCompleted();
        Assert.Equal([1f, 2, 3, 4], Bench.Values(buffer).ToArray());
    }

    private static bool IsRefused(ComputeEncoder encoder, Bench.Recording record)
    {
        try
        {
            record(encoder);
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    [Fact]
    public void A_failed_command_buffer_says_why_and_did_nothing()
    {
        using var bench = new Bench(null, ScriptedFunction.AddConstant());
        var add = bench.Pipeline("add");
        var (a, b) = (bench.Floats(1), bench.Floats(7));
        bench.Fake.Faults.CommandBuffer((long)MTLCommandBufferError.OutOfMemory, skip: 1);
        foreach (var expected in (MTLCommandBufferStatus[])[MTLCommandBufferStatus.Completed, MTLCommandBufferStatus.Error, MTLCommandBufferStatus.Completed])
        {
            Bench.Values(b)[0] = 7;
            var commands = bench.Run(MTLDispatchType.Serial, encoder =>
            {
                encoder.SetPipeline(add);
                encoder.SetBytes(2, 1f);
                encoder.SetBuffer(0, a, 0);
                encoder.SetBuffer(1, b, 0);
                encoder.Dispatch(new(1), new(1));
            });
            Assert.Equal(expected, commands.Status);
            Assert.Equal(expected == MTLCommandBufferStatus.Error ? 7 : 2, Bench.Values(b)[0]);
            Assert.Equal(expected == MTLCommandBufferStatus.Error ? 8 : null, commands.Error?.Code);
        }
        bench.Fake.Faults.DeviceLost = true;
        Assert.Equal((long)MTLCommandBufferError.DeviceRemoved, bench.Run(MTLDispatchType.Serial, _ => { }).Error?.Code);
    }

    [Fact]
    public void An_event_is_raised_by_work_that_succeeds_alone()
    {
        using var bench = new Bench();
        using var signal = bench.Device.NewSharedEvent();
        using var pool = bench.Runtime.Pool();
        for (var step = 1ul; step <= 3; step++)
        {
            var commands = bench.Own(bench.Queue.NewCommandBuffer());
            using (commands.Blit()) Assert.Throws<InvalidOperationException>(() => commands.Signal(signal, step));
            commands.Signal(signal, step);
            commands.Commit();
            Assert.Throws<InvalidOperationException>(() => commands.Signal(signal, step));
            Assert.Equal(step - 1, signal.Value);
            if (step == 3) bench.Fake.Faults.CommandBuffer(1);
            Assert.Equal(step != 3, signal.Wait(step, TimeSpan.MaxValue));
            Assert.Equal(step == 3 ? MTLCommandBufferStatus.Error : MTLCommandBufferStatus.Completed, commands.Status);
        }
        Assert.Equal(2u, signal.Value);
        Assert.False(signal.Wait(9, TimeSpan.Zero));
    }

    [Fact]
    public void A_status_that_is_asked_for_often_enough_changes()
    {
        using var bench = new Bench(new() { PollsUntilComplete = 2 });
        var commands = bench.Run(MTLDispatchType.Serial, _ => { }, wait: false);
        Assert.Equal(MTLCommandBufferStatus.Committed, commands.Status);
        Assert.Equal(MTLCommandBufferStatus.Committed, commands.Status);
        Assert.Equal(MTLCommandBufferStatus.Completed, commands.Status);
    }

    [Fact]
    public void Blits_move_exactly_what_they_name()
    {
        Gen.Select(Gen.Byte.Array[64], Gen.Int[0, 15], Gen.Int[0, 15], Gen.Int[0, 16], Gen.Byte).Sample((bytes, from, to, words, fill) =>
        {
            words = Math.Min(words, 16 - Math.Max(from, to));
            using var bench = new Bench();
            using var source = bench.Device.NewBuffer(64, MTLResourceOptions.StorageModeShared)!;
            using var target = bench.Device.NewBuffer(64, MTLResourceOptions.StorageModeShared)!;
            bytes.CopyTo(new Span<byte>(source.Contents, 64));
            using (bench.Runtime.Pool())
            {
                using var commands = bench.Queue.NewCommandBuffer();
                using (var blit = commands.Blit())
                {
                    blit.Fill(target, 0, 64, fill);
                    blit.Copy(source, (ulong)from * 4, target, (ulong)to * 4, (ulong)words * 4);
                }
                commands.Commit();
                commands.WaitUntilCompleted();
            }
            var expected = Enumerable.Repeat(fill, 64).ToArray();
            bytes.AsSpan(from * 4, words * 4).CopyTo(expected.AsSpan(to * 4));
            Assert.Equal(expected, new ReadOnlySpan<byte>(target.Contents, 64).ToArray());
        }, iter: 30, threads: 1);
    }

    [Fact]
    public void Any_order_of_disposing_after_the_wait_leaves_nothing()
    {
        Gen.Shuffle(Enumerable.Range(0, 7).ToArray()).Sample(order =>
        {
            using var bench = new Bench(null, ScriptedFunction.AddConstant());
            var device = MetalDevice.All(bench.Runtime).Single();
            var queue = device.NewQueue();
            var (from, to) = (device.NewBuffer(16, MTLResourceOptions.StorageModeShared)!, device.NewBuffer(16, MTLResourceOptions.StorageModeShared)!);
            var library = device.Compile(bench.Compiler.Source, MTLLanguageVersion.Version3_0, MTLMathMode.Safe);
            using var function = library.Find("add")!;
            var pipeline = device.NewPipeline(function);
            using var pool = bench.Runtime.Pool();
            var commands = queue.NewCommandBuffer();
            using (var encoder = commands.Compute(MTLDispatchType.Concurrent))
            {
                encoder.SetPipeline(pipeline);
                encoder.SetBytes(2, 1f);
                encoder.SetBuffer(0, from, 0);
                encoder.SetBuffer(1, to, 0);
                encoder.Dispatch(new(1), new(4));
            }
            commands.Commit();
            commands.WaitUntilCompleted();
            IDisposable[] all = [device, queue, from, to, library, pipeline, commands];
            foreach (var i in order) all[i].Dispose();
        }, iter: 30, threads: 1);
    }
}
