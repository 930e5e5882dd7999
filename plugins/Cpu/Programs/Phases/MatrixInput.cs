using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.Kernels;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>What the matrices of a phase multiply: rows of <paramref name="K"/> elements, as floats and, if one of them wants it, quantised.</summary>
internal sealed unsafe record MatrixInput(int K, Extent Tokens, Operand Floats, Operand Quantized)
{
    /// <summary>Rows of the step.</summary>
    public int Rows(StepState state) => (int)Tokens.Resolve(state.Extents);

    /// <summary>The first row as a kernel takes it.</summary>
    public byte* At(StepState state, MatrixKernel kernel) => state.At(kernel.IsQuantized ? Quantized : Floats);

    /// <summary>Bytes between rows as a kernel takes them.</summary>
    public nint Stride(MatrixKernel kernel) => kernel.IsQuantized ? Activations.RowBytes(K, kernel.Bits) : (nint)K * sizeof(float);
}
