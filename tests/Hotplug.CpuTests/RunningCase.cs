using System.Runtime.InteropServices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Hotplug.Testing.Memory;
using Xunit;

namespace Hotplug.CpuTests;

/// <summary>A compiled case. <paramref name="extents"/>: elements of each output in the step.</summary>
internal sealed class RunningCase(IExecutable executable, ReferenceStep step, KvPool? pool, TensorRef[] inputs, TensorRef[] outputs, long[] extents, IBuffer[] workspace,
    IReadOnlyList<TestBuffer> owned) : IDisposable
{
    public KvPool? Pool => pool;

    public void Run(CancellationToken cancellation = default)
    {
        var fence = executable.Run(new StepArguments
        {
            TokenIds = step.TokenIds.Span,
            Positions = step.Positions.Span,
            OutputRows = step.OutputRows.Span,
            Sequences = step.Sequences.Span,
            Pages = step.Pages.Span,
            Inputs = inputs,
            Outputs = outputs,
            Workspace = workspace,
            KvPool = pool,
            Cancellation = cancellation,
        });
        Assert.True(fence.IsComplete);
        Assert.Null(fence.Fault);
    }

    /// <summary>Elements of the outputs at the step's extents; ids as floats.</summary>
    public float[][] Outputs()
    {
        var result = new float[outputs.Length][];
        for (var i = 0; i < outputs.Length; i++)
        {
            var output = outputs[i];
            var bytes = new byte[output.Spec.ByteLength];
            output.Buffer.Read(output, 0, bytes);
            var elements = MemoryMarshal.Cast<byte, float>(bytes);
            var count = (int)extents[i];
            result[i] = output.Spec.Type == TensorType.I32
                ? [.. MemoryMarshal.Cast<byte, int>(bytes)[..count].ToArray().Select(v => (float)v)]
                : elements[..count].ToArray();
        }
        return result;
    }

    public void Dispose()
    {
        executable.Dispose();
        foreach (var buffer in owned) buffer.Dispose();
    }
}
