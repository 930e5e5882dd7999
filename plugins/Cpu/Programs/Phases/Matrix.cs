using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>A matrix of <paramref name="Rows"/> rows of <paramref name="RowBytes"/> bytes, and what is added to its products.</summary>
internal sealed unsafe record Matrix(MatrixKernel Kernel, nint Weights, nint RowBytes, long Rows, Operand Bias)
{
    /// <summary>
    /// Multiplies <paramref name="count"/> rows from <paramref name="row"/> on, the first of a panel, by <paramref name="tokens"/> rows of the input from <paramref name="token"/> on:
    /// as many floats at <paramref name="y"/> per token, <paramref name="yStride"/> floats apart. The caller keeps within the matrix and the input.
    /// </summary>
    public void Multiply(StepState state, MatrixInput input, long row, int count, int token, int tokens, float* y, nint yStride, byte* scratch)
    {
        var stride = input.Stride(Kernel);
        var x = input.At(state, Kernel) + token * stride;
        var rows = (byte*)Weights + (nint)row * RowBytes;
        var few = Activations.AreFew(input.Tokens, state.Extents);
        for (var i = 0; i < count; i += Kernel.Rows)
            Kernel.MultiplyMatrix(rows + i * RowBytes, RowBytes, Math.Min(Kernel.Rows, count - i), input.K, x, stride, tokens, few, y + i, yStride, scratch);
        if (Bias == Operand.None) return;
        var bias = state.Floats(Bias) + row;
        for (var t = 0; t < tokens; t++, y += yStride)
            for (var i = 0; i < count; i++) y[i] += bias[i];
    }

    /// <summary>Asks for the rows that few tokens are multiplied by first, from <paramref name="row"/> on: their kernels ask for those behind.</summary>
    public void Prefetch(long row)
    {
        if (!Sse.IsSupported) return;
        // An address beyond the matrix does no harm.
        for (nint line = 0; line < 16 * RowBytes; line += 64) Sse.Prefetch1((byte*)Weights + (nint)row * RowBytes + line);
    }
}
