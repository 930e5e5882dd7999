using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>
/// An element-wise function of the products of one or two matrices, as floats, quantised or both. A panel is a block of 32 columns, which are whole panels of every kernel. The products lie
/// in the worker's scratch, side by side: there they are in the cache, and not in the few sets of it that columns of a wide result fall into.
/// </summary>
/// <param name="left">The matrix of the first operand.</param>
/// <param name="right">That of the second, of as many rows; null if there is none or it is the first again.</param>
/// <param name="function">The function, which may write where it reads.</param>
/// <param name="p">Its first parameter.</param>
/// <param name="q">Its second.</param>
/// <param name="mostTokens">Most rows of an input.</param>
/// <param name="bits">What quantised results are of.</param>
/// <param name="floats">The result as floats, or none.</param>
/// <param name="quantized">The result quantised, or none; its columns are then whole blocks.</param>
internal sealed unsafe class ActivatedPart<T>(Matrix left, Matrix? right, delegate*<float*, float*, float*, long, float, float, void> function, float p, float q,
    long mostTokens, ActivationBits bits, Operand floats, Operand quantized) : MatrixPart where T : unmanaged, ILanes<T>
{
    private const int Block = 32;
    // At once: few share one panel of weights, many fill the cache. The least is for several panels of few, whose weights are then read in one go.
    private const int LeastTokens = 16, MostTokens = 512;

    private readonly delegate*<float*, float*, float*, long, float, float, void> _function = function;
    // Floats of one matrix's products.
    private readonly int _room = Block * (int)Math.Clamp(mostTokens, LeastTokens, MostTokens);
    private readonly nint _resultStride = Activations.RowBytes(left.Rows, bits);

    public override long Panels => (left.Rows + Block - 1) / Block;

    public override long ScratchBytes(long k) => KernelBytes(k) + (right is null ? 1 : 2) * _room * sizeof(float);

    public override void Compute(StepState state, MatrixInput input, long first, long end, byte* scratch)
    {
        var n = input.Rows(state);
        var panels = Math.Max(1, _room / Block / n);
        for (; first < end; first += panels)
        {
            var column = first * Block;
            var width = (int)(Math.Min(left.Rows, Math.Min(end, first + panels) * Block) - column);
            for (var token = 0; token < n; token += MostTokens) Compute(state, input, column, width, token, Math.Min(MostTokens, n - token), scratch);
        }
    }

    // The products of width columns and so many tokens fit the room: for one panel by its size, for several because their number was chosen so.
    private void Compute(StepState state, MatrixInput input, long column, int width, int token, int tokens, byte* scratch)
    {
        float* a = (float*)(scratch + KernelBytes(input.K)), b = right is null ? a : a + _room;
        // While the rows of one matrix are multiplied, nothing else asks for those of the other.
        if (Activations.AreFew(tokens)) right?.Prefetch(column);
        left.Multiply(state, input, column, width, token, tokens, a, width, scratch);
        right?.Multiply(state, input, column, width, token, tokens, b, width, scratch);
        _function(a, b, a, (long)tokens * width, p, q);
        if (floats != Operand.None)
        {
            var y = state.Floats(floats) + token * left.Rows + column;
            for (var t = 0; t < tokens; t++) new ReadOnlySpan<float>(a + t * width, width).CopyTo(new Span<float>(y + t * left.Rows, width));
        }
        if (quantized != Operand.None)
        {
            var y = state.At(quantized) + token * _resultStride;
            var few = Activations.AreFew(input.Tokens, state.Extents);
            // A row that began at column 0 would begin so far in front; only these columns of it are read.
            for (var t = 0; t < tokens; t++)
                Activations.Quantize<T>(a + t * width - column, left.Rows, (int)(column / Block), (int)((column + width) / Block), y + t * _resultStride, bits, few);
        }
    }

    private long KernelBytes(long k) => Math.Max(left.Kernel.ScratchBytes(k), (right ?? left).Kernel.ScratchBytes(k));
}
