namespace Hotplug.Cpu.Programs.Phases;

/// <summary>The products of a matrix as they are.</summary>
internal sealed unsafe class ProductPart(Matrix matrix, Operand output) : MatrixPart
{
    public override long Panels => (matrix.Rows + matrix.Kernel.Rows - 1) / matrix.Kernel.Rows;

    public override long ScratchBytes(long k) => matrix.Kernel.ScratchBytes(k);

    public override void Compute(StepState state, MatrixInput input, long first, long end, byte* scratch)
    {
        var rows = matrix.Kernel.Rows;
        for (var row = first * rows; row < Math.Min(matrix.Rows, end * rows); row += rows)
            matrix.Multiply(state, input, row, (int)Math.Min(rows, matrix.Rows - row), 0, input.Rows(state), state.Floats(output) + row, (nint)matrix.Rows, scratch);
    }
}
