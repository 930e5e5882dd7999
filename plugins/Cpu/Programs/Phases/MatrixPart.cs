using Hotplug.Cpu.Kernels;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>One matrix of a phase: <paramref name="Rows"/> rows of <paramref name="RowBytes"/> bytes.</summary>
internal sealed record MatrixPart(MatrixKernel Kernel, nint Weights, nint RowBytes, long Rows, Operand Bias, Operand Output)
{
    /// <summary>Panels of the matrix, the last perhaps not full.</summary>
    public long Panels => (Rows + Kernel.Rows - 1) / Kernel.Rows;
}
