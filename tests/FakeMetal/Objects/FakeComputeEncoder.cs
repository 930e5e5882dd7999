using Hotplug.Metal.Fake.Execution;
using Hotplug.Metal.Fake.Runtime;
using Hotplug.Metal.Fake.Shaders;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>Records dispatches with the state that is set when each is recorded.</summary>
internal sealed class FakeComputeEncoder(FakeRuntime runtime, FakeCommandBuffer commands, Pass pass)
    : FakeEncoder(runtime, "MTLComputeCommandEncoder", commands, pass)
{
    private const int Indices = 31;
    private const int MaxInlineBytes = 4096;

    private readonly Binding[] _buffers = new Binding[Indices];
    private readonly ulong[] _threadgroup = new ulong[Indices];
    private FakePipeline? _pipeline;

    public override void VoidId(string selector, nint value)
    {
        if (selector != "setComputePipelineState:")
        {
            base.VoidId(selector, value);
            return;
        }
        if (!IsOpen(selector)) return;
        _pipeline = Runtime.Argument<FakePipeline>(value, selector);
        if (_pipeline is not null) Commands.Use(_pipeline);
        else if (value == 0) Violation(ViolationKind.Message, "the pipeline is nil.");
    }

    public override void VoidIdUInt64UInt64(string selector, nint value, ulong first, ulong second)
    {
        if (selector != "setBuffer:offset:atIndex:")
        {
            base.VoidIdUInt64UInt64(selector, value, first, second);
            return;
        }
        if (!IsOpen(selector) || !IsIndex(second)) return;
        var buffer = Runtime.Argument<FakeBuffer>(value, selector);
        _buffers[second] = default;
        if (buffer is null) return;
        Commands.Use(buffer);
        if (first >= buffer.Length) Violation(ViolationKind.Bounds, $"index {second} is bound at {first} of {buffer}, which has {buffer.Length} bytes.");
        else _buffers[second] = new(buffer, first, null);
    }

    public override void VoidUInt64UInt64(string selector, ulong first, ulong second)
    {
        switch (selector)
        {
            case "setBufferOffset:atIndex:":
                if (!IsOpen(selector) || !IsIndex(second)) return;
                if (_buffers[second].Buffer is not { } buffer) Violation(ViolationKind.Binding, $"an offset for index {second}, where no buffer is bound.");
                else if (first >= buffer.Length) Violation(ViolationKind.Bounds, $"index {second} is bound at {first} of {buffer}, which has {buffer.Length} bytes.");
                else _buffers[second] = new(buffer, first, null);
                break;
            case "setThreadgroupMemoryLength:atIndex:":
                if (!IsOpen(selector) || !IsIndex(second)) return;
                if (first % 16 != 0) Violation(ViolationKind.Alignment, $"{first} bytes of threadgroup memory are no multiple of 16.");
                else _threadgroup[second] = first;
                break;
            default:
                base.VoidUInt64UInt64(selector, first, second);
                break;
        }
    }

    public override unsafe void VoidPointerUInt64UInt64(string selector, nint pointer, ulong first, ulong second)
    {
        if (selector != "setBytes:length:atIndex:")
        {
            base.VoidPointerUInt64UInt64(selector, pointer, first, second);
            return;
        }
        if (!IsOpen(selector) || !IsIndex(second)) return;
        if (first is 0 or > MaxInlineBytes || pointer == 0) Violation(ViolationKind.Limit, $"{first} bytes at 0x{pointer:x} set inline; 1 to {MaxInlineBytes} can be.");
        else _buffers[second] = new(null, 0, new ReadOnlySpan<byte>((void*)pointer, (int)first).ToArray());
    }

    public override void VoidUInt64(string selector, ulong value)
    {
        if (selector != "memoryBarrierWithScope:")
        {
            base.VoidUInt64(selector, value);
            return;
        }
        if (!IsOpen(selector)) return;
        if ((value & 1) == 0) Violation(ViolationKind.Binding, $"a barrier of scope {value} orders no buffers.");
        else Pass.AddBarrier();
    }

    public override void VoidIdsUInt64(string selector, ReadOnlySpan<nint> values)
    {
        if (selector != "memoryBarrierWithResources:count:")
        {
            base.VoidIdsUInt64(selector, values);
            return;
        }
        if (!IsOpen(selector)) return;
        var ordered = new HashSet<FakeBuffer>();
        foreach (var value in values)
        {
            if (Runtime.Argument<FakeBuffer>(value, selector) is { } buffer) ordered.Add(buffer);
            else if (value == 0) Violation(ViolationKind.Message, "a barrier of nil.");
        }
        Pass.AddBarrier(ordered);
    }

    public override void VoidSizeSize(string selector, MTLSize first, MTLSize second)
    {
        if (selector != "dispatchThreadgroups:threadsPerThreadgroup:")
        {
            base.VoidSizeSize(selector, first, second);
            return;
        }
        if (!IsOpen(selector)) return;
        if (_pipeline is null)
        {
            Violation(ViolationKind.State, "a dispatch without a pipeline.");
            return;
        }
        var shader = _pipeline.Shader;
        var threads = second.Width * second.Height * second.Depth;
        if (threads == 0 || first.Width == 0 || first.Height == 0 || first.Depth == 0) Violation(ViolationKind.Limit, $"{shader.Name}: a dispatch of {first} × {second} is empty.");
        else if (threads > (ulong)shader.MaxThreadsPerThreadgroup)
            Violation(ViolationKind.Limit, $"{shader.Name}: {threads} threads of a threadgroup, where {shader.MaxThreadsPerThreadgroup} are allowed.");
        else
        {
            var command = new DispatchCommand(_pipeline, [.. _buffers], [.. _threadgroup], Size(first), Size(second));
            if (command.Misfit(Runtime.Options) is { } misfit) Violation(misfit.Kind, misfit.Text);
            else Pass.Add(command);
        }
    }

    private static ShaderSize Size(MTLSize size) => new(size.Width, size.Height, size.Depth);

    private bool IsIndex(ulong index)
    {
        if (index >= Indices) Violation(ViolationKind.Limit, $"index {index}; {Indices} can be bound.");
        return index < Indices;
    }
}
