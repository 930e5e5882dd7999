using Hotplug.Metal.Fake;
using Hotplug.Metal.Fake.Shaders;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;
using Hotplug.MetalTests.Fakes;
using Xunit;

namespace Hotplug.MetalTests.Double;

/// <summary>Deliberate defects of what is recorded: bindings, bounds, limits, states.</summary>
public sealed unsafe class EncoderDefectTests
{
    [Theory]
    [InlineData(8, 12)]
    [InlineData(20, 4)]
    [InlineData(4, ulong.MaxValue - 3)]
    public void A_fill_outside_of_its_buffer(ulong offset, ulong length)
    {
        using var bench = new Bench();
        var buffer = bench.Floats(1, 2, 3, 4);
        Blit(bench, encoder => bench.Runtime.Send.VoidIdRangeByte(encoder, bench.Runtime[Message.BlitFillBuffer], buffer.Handle, new(offset, length), 0));
        bench.Single(ViolationKind.Bounds);
        Assert.Equal([1f, 2, 3, 4], Bench.Values(buffer).ToArray());
    }

    [Theory]
    [InlineData(0, 4, 16, ViolationKind.Bounds)]
    [InlineData(16, 0, 4, ViolationKind.Bounds)]
    [InlineData(0, 2, 4, ViolationKind.Alignment)]
    [InlineData(0, 4, 6, ViolationKind.Alignment)]
    [InlineData(0, 4, 8, ViolationKind.Bounds)]
    [InlineData(0, 8, 0, ViolationKind.Limit)]
    public void A_bad_copy(ulong from, ulong to, ulong length, ViolationKind kind)
    {
        using var bench = new Bench();
        var buffer = bench.Floats(1, 2, 3, 4);
        Blit(bench, encoder => bench.Runtime.Send.VoidIdUInt64IdUInt64UInt64(
            encoder, bench.Runtime[Message.BlitCopyBuffer], buffer.Handle, from, buffer.Handle, to, length));
        // One for each end of the copy that is wrong.
        Assert.NotEmpty(bench.Fake.Violations);
        Assert.All(bench.Fake.Violations, v => Assert.Equal(kind, v.Kind));
        bench.ExpectViolations();
        Assert.Equal([1f, 2, 3, 4], Bench.Values(buffer).ToArray());
    }

    /// <summary>What an encoder may be told wrongly, the rule, and how.</summary>
    public static TheoryData<string, ViolationKind> Misuses => new()
    {
        { "nothing bound", ViolationKind.Binding },
        { "no threadgroup memory", ViolationKind.Binding },
        { "too many threads", ViolationKind.Limit },
        { "too much threadgroup memory", ViolationKind.Limit },
        { "empty dispatch", ViolationKind.Limit },
        { "offset at the end", ViolationKind.Bounds },
        { "moved offset at the end", ViolationKind.Bounds },
        { "moved offset of nothing", ViolationKind.Binding },
        { "unaligned offset", ViolationKind.Alignment },
        { "unaligned constant", ViolationKind.Alignment },
        { "unaligned threadgroup memory", ViolationKind.Alignment },
        { "written inline bytes", ViolationKind.ReadOnly },
        { "too many inline bytes", ViolationKind.Limit },
        { "index 31", ViolationKind.Limit },
        { "no pipeline", ViolationKind.State },
        { "too short", ViolationKind.Binding },
        { "barrier of nothing", ViolationKind.Binding },
    };

    [Theory]
    [MemberData(nameof(Misuses))]
    public void A_misused_encoder(string misuse, ViolationKind kind)
    {
        var kernel = new ScriptedFunction(
            "kernel", [ScriptedFunction.Device(0), ScriptedFunction.Constant(1), ScriptedFunction.Threadgroup(0)], static (in ShaderDispatch _) => { })
        {
            MaxThreadsPerThreadgroup = 64,
            StaticThreadgroupMemory = 1024,
        };
        using var bench = new Bench(new() { Unified = misuse != "unaligned constant" }, kernel);
        var pipeline = bench.Pipeline("kernel");
        var buffer = bench.Floats(1, 2, 3, 4);
        bench.Run(MTLDispatchType.Serial, e =>
        {
            var (send, encoder) = (bench.Runtime.Send, e.Handle);
            if (misuse != "no pipeline") e.SetPipeline(pipeline);
            if (misuse != "nothing bound") e.SetBuffer(0, buffer, 4);
            e.SetBytes(1, 1f);
            if (misuse != "no threadgroup memory") e.SetThreadgroupMemory(0, 256);
            var threads = 64ul;
            switch (misuse)
            {
                case "too many threads":
                    threads = 65;
                    break;
                case "too much threadgroup memory":
                    e.SetThreadgroupMemory(3, 32768 - 1024);
                    break;
                case "empty dispatch":
                    threads = 0;
                    break;
                case "offset at the end":
                    e.SetBuffer(5, buffer, 16);
                    break;
                case "moved offset at the end":
                    e.SetBufferOffset(0, 16);
                    break;
                case "moved offset of nothing":
                    e.SetBufferOffset(7, 0);
                    break;
                case "unaligned offset":
                    e.SetBufferOffset(0, 2);
                    break;
                case "unaligned constant":
                    e.SetBuffer(1, buffer, 4);
                    break;
                case "unaligned threadgroup memory":
                    send.VoidUInt64UInt64(encoder, bench.Runtime[Message.ComputeSetThreadgroupMemoryLength], 8, 1);
                    break;
                case "written inline bytes":
                    e.SetBytes(0, 1f);
                    break;
                case "too many inline bytes":
                    var bytes = stackalloc byte[4097];
                    send.VoidPointerUInt64UInt64(encoder, bench.Runtime[Message.ComputeSetBytes], bytes, 4097, 1);
                    break;
                case "index 31":
                    e.SetBuffer(31, buffer, 0);
                    break;
                case "too short":
                    e.SetBytes(1, (byte)1);
                    break;
                case "barrier of nothing":
                    send.VoidUInt64(encoder, bench.Runtime[Message.ComputeMemoryBarrierWithScope], 2);
                    break;
            }
            send.VoidSizeSize(encoder, bench.Runtime[Message.ComputeDispatchThreadgroups], new(1), new(threads));
        });
        bench.Single(kind);
    }

    [Fact]
    public void The_same_encoder_used_well()
    {
        var kernel = new ScriptedFunction(
            "kernel", [ScriptedFunction.Device(0), ScriptedFunction.Constant(1), ScriptedFunction.Threadgroup(0)], static (in ShaderDispatch d) =>
            {
                Assert.Equal(new ShaderSize(2, 3, 1), d.Threadgroups);
                Assert.Equal(new ShaderSize(64, 1, 1), d.ThreadsPerThreadgroup);
                Assert.Equal([0, 1], d.Buffers.ToArray().Select(b => b.Index));
                Assert.Equal([12u, 4u], d.Buffers.ToArray().Select(b => (uint)b.Length));
                Assert.Equal([false, true], d.Buffers.ToArray().Select(b => b.ReadOnly));
                Assert.Equal(new ThreadgroupMemory(0, 256), Assert.Single(d.Threadgroup.ToArray()));
                Assert.Equal(2, *(float*)d.Buffers[0].Pointer);
                Assert.Equal(1, *(float*)d.Buffers[1].Pointer);
            });
        using var bench = new Bench(null, kernel);
        var pipeline = bench.Pipeline("kernel");
        var buffer = bench.Floats(1, 2, 3, 4);
        bench.Run(MTLDispatchType.Serial, e =>
        {
            e.SetPipeline(pipeline);
            e.SetBuffer(0, buffer, 4);
            e.SetBytes(1, 1f);
            e.SetThreadgroupMemory(0, 256);
            e.Dispatch(new(2, 3), new(64));
        });
        Assert.Equal(1, bench.Fake.Dispatches);
    }

    [Fact]
    public void States_that_would_end_the_process()
    {
        Check(c => c.Runtime.Send.Void(c.Handle, c.Runtime[Message.CommandBufferWaitUntilCompleted]));
        Check(c =>
        {
            c.Runtime.Send.Void(c.Handle, c.Runtime[Message.CommandBufferCommit]);
            c.Runtime.Send.Void(c.Handle, c.Runtime[Message.CommandBufferCommit]);
            c.Runtime.Send.Void(c.Handle, c.Runtime[Message.CommandBufferWaitUntilCompleted]);
        });
        Check(c =>
        {
            c.Runtime.Send.Void(c.Handle, c.Runtime[Message.CommandBufferCommit]);
            Assert.Equal(0, c.Runtime.Send.Id(c.Handle, c.Runtime[Message.CommandBufferBlitEncoder]));
            c.Runtime.Send.Void(c.Handle, c.Runtime[Message.CommandBufferWaitUntilCompleted]);
        });
        Check(c =>
        {
            var first = c.Runtime.Send.Id(c.Handle, c.Runtime[Message.CommandBufferBlitEncoder]);
            Assert.Equal(0, c.Runtime.Send.Id(c.Handle, c.Runtime[Message.CommandBufferBlitEncoder]));
            c.Runtime.Send.Void(first, c.Runtime[Message.EncoderEndEncoding]);
        });
        Check(c =>
        {
            var encoder = c.Runtime.Send.Id(c.Handle, c.Runtime[Message.CommandBufferBlitEncoder]);
            c.Runtime.Send.Void(encoder, c.Runtime[Message.EncoderEndEncoding]);
            c.Runtime.Send.Void(encoder, c.Runtime[Message.EncoderEndEncoding]);
        });
        // Given back by the pool without being ended.
        Check(c => c.Runtime.Send.Id(c.Handle, c.Runtime[Message.CommandBufferBlitEncoder]));

        static void Check(Action<MetalCommandBuffer> misuse)
        {
            using var bench = new Bench();
            var commands = bench.Own(bench.Queue.NewCommandBuffer());
            using (bench.Runtime.Pool()) misuse(commands);
            bench.Single(ViolationKind.State);
        }
    }

    [Fact]
    public void Waiting_behind_what_is_never_committed()
    {
        using var bench = new Bench();
        var first = bench.Own(bench.Queue.NewCommandBuffer());
        var second = bench.Own(bench.Queue.NewCommandBuffer());
        first.Enqueue();
        second.Commit();
        second.WaitUntilCompleted();
        bench.Single(ViolationKind.State);
        Assert.Equal(2, bench.Fake.Leaks.Count(l => l.Text.Contains("has not ended", StringComparison.Ordinal)));
    }

    private static void Blit(Bench bench, Action<nint> record)
    {
        using var pool = bench.Runtime.Pool();
        using var commands = bench.Queue.NewCommandBuffer();
        using (var blit = commands.Blit()) record(blit.Handle);
        commands.Commit();
        commands.WaitUntilCompleted();
    }
}
