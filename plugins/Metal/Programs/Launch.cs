using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Programs;

/// <summary>Something that is recorded in every step, on the device's thread.</summary>
/// <param name="operands">All that it touches, by which it is ordered against others.</param>
internal abstract class Launch(IReadOnlyList<Operand> operands)
{
    /// <summary>All that it touches.</summary>
    public IReadOnlyList<Operand> Operands => operands;

    /// <summary>Records it.</summary>
    public abstract void Encode(MetalStep step, in ComputeEncoder encoder);

    /// <summary>Binds operands from index 1 on.</summary>
    protected static void Bind(MetalStep step, in ComputeEncoder encoder, ReadOnlySpan<Operand> operands, int poolBuffer = 0)
    {
        for (var i = 0; i < operands.Length; i++)
        {
            var binding = step[operands[i], poolBuffer];
            encoder.SetBuffer(i + 1, binding.Buffer, binding.Offset);
        }
    }

    /// <summary>True if nothing is to be done.</summary>
    protected static bool IsEmpty(MTLSize size) => size.Width == 0 || size.Height == 0 || size.Depth == 0;
}

/// <summary>A kernel with what makes its arguments and the number of its threadgroups: one delegate each, made at compile, so that a step makes none.</summary>
/// <param name="pipeline">The kernel.</param>
/// <param name="threads">Threads of a threadgroup.</param>
/// <param name="groups">Threadgroups.</param>
/// <param name="arguments">What goes to index 0, for a buffer of the pool.</param>
/// <param name="operands">What goes to the indices from 1 on. With one of the pool among them the kernel runs once for each of its buffers, which must not depend on each other.</param>
internal sealed class Launch<TArguments>(MetalPipeline pipeline, int threads, Func<MetalStep, MTLSize> groups, Func<MetalStep, int, TArguments> arguments, Operand[] operands) : Launch(operands)
    where TArguments : unmanaged
{
    private readonly bool _pooled = operands.Any(o => o.Kind == OperandKind.Pool);

    public override void Encode(MetalStep step, in ComputeEncoder encoder)
    {
        var size = groups(step);
        if (IsEmpty(size)) return;
        encoder.SetPipeline(pipeline);
        var buffers = _pooled ? step.Pool!.Buffers.Count : 1;
        for (var buffer = 0; buffer < buffers; buffer++)
        {
            var value = arguments(step, buffer);
            encoder.SetBytes(0, value);
            Bind(step, encoder, operands, buffer);
            encoder.Dispatch(size, new MTLSize((ulong)threads));
        }
    }
}
