using System.Runtime.InteropServices;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Programs;

/// <summary>
/// Runs the kernels that a slice needs once, on a few zeros, so that they are compiled while the model is being loaded and not when the first prompt waits for them.
/// What it does not know is compiled when it is first used, as without it.
/// </summary>
internal sealed unsafe class KernelRehearsal<T>(InstructionSet set, ActivationBits bits) where T : unmanaged, ILanes<T>
{
    // Of a row: a block of every type, and the width that attention takes in full strides.
    private const int Width = 256;
    // Floats of each operand; the largest is a page of values of one head.
    private const int Region = AttentionBlock.Cells * Width;
    private const int Regions = 4;

    private readonly HashSet<object> _done = [];

    /// <summary>Runs what was not run before. Not thread-safe.</summary>
    public void Run(GraphSlice slice)
    {
        // Zeroed: scales of 0 make whatever the codes say a 0, and nothing is read that was not written.
        var memory = (float*)NativeMemory.AlignedAlloc(Region * Regions * sizeof(float), 64);
        try
        {
            NativeMemory.Clear(memory, Region * Regions * sizeof(float));
            foreach (var operation in slice.Operations) Run(operation, slice, memory);
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private void Run(Operation operation, GraphSlice slice, float* x)
    {
        float* y = x + Region, w = y + Region;
        switch (operation)
        {
            case GetRows { Table.IsWeight: true } o when First(("row", o.Table.Type)):
                Dequantize.Row<T>(o.Table.Type, (byte*)x, y, Width);
                break;
            case MatMul o when First(("matrix", o.Weight.Type)):
                Multiply(o.Weight.Type, many: slice.Bounds.Tokens > 1);
                break;
            case MatMulExperts o when First(("matrix", o.Weight.Type)):
                Multiply(o.Weight.Type, many: slice.Bounds.Tokens > 1);
                break;
            case RmsNorm when First("rms"):
                Norms.Rms<T>(x, w, y, Width, 1);
                break;
            case LayerNorm when First("layer"):
                Norms.Layer<T>(x, w, w, y, Width, 1);
                break;
            case Rope o when First(o.Parameters.Style):
                if (o.Parameters.Style == RopeStyle.Adjacent) Rotation.Adjacent(x, y, w, w, Width / 2);
                else Rotation.Halves<T>(x, y, w, w, Width / 2);
                break;
            case Add when First("add"):
                Elements.Map<T, Elements.Sum>(x, w, y, Width, 0, 0);
                break;
            case Mul when First("mul"):
                Elements.Map<T, Elements.Product>(x, w, y, Width, 0, 0);
                break;
            case Gated o when First(("gated", o.Function)):
                Elements.Gated<T>(o.Function)(x, w, y, Width, 0, 0);
                break;
            case Activate o when First(("activate", o.Function)):
                Elements.Activation<T>(o.Function)(x, x, y, Width, 1, 0);
                break;
            case Attention when slice.KvLayout is { } cache && First("attention"):
                Attend(cache.Spec.Layers.Any(l => l.KeyType == TensorType.F16 || l.ValueType == TensorType.F16), x);
                break;
            case ArgMax when First("argmax"):
                Norms.ArgMax<T>(x, Width, out _);
                break;
        }
    }

    // Four cells of a page, and as many queries as the loops of these lanes take.
    private static void Attend(bool halves, float* x)
    {
        float* y = x + Region, scores = y + Region, state = scores + Region;
        if (T.IsWide)
        {
            AttentionBlock.FourScores<T>(x, Width, x, x, x, x, scores);
            AttentionBlock.FourSums<T>(x, Width, 0, 4, scores, y, Width);
        }
        else
        {
            AttentionBlock.TwoScores<T>(x, Width, x, x, scores);
            AttentionBlock.TwoSums<T>(x, Width, 0, 4, scores, y, Width);
        }
        AttentionBlock.Weigh<T>(scores, 0, 4, 1, 0, state, y, Width);
        AttentionBlock.OneScores<T>(x, Width, x, scores);
        AttentionBlock.OneSum<T>(x, Width, 0, 4, scores, y);
        if (!halves) return;
        FloatRows.ToHalf<T>(x, (ushort*)y, Width);
        FloatRows.FromHalf<T>((ushort*)y, x, Width);
    }

    private void Multiply(TensorType type, bool many)
    {
        var kernel = MatrixKernels.Create(type, set, bits);
        nint row = (nint)type.RowBytes(Width), stride = kernel.IsQuantized ? Activations.RowBytes(Width, bits) : Width * sizeof(float);
        // Both numbers of tokens of the tiles: as many as one takes, and one more.
        var tokens = kernel.Tokens + 1;
        nint scratch = (nint)kernel.ScratchBytes(Width), rows = (row * kernel.Rows + 63) / 64 * 64, activations = stride * tokens;
        // What is quantised is read from the place of the outputs, too.
        nint outputs = Math.Max(kernel.Rows * tokens, Width) * sizeof(float);
        var memory = (byte*)NativeMemory.AlignedAlloc((nuint)(scratch + rows + activations + outputs), 64);
        try
        {
            NativeMemory.Clear(memory, (nuint)(scratch + rows + activations + outputs));
            byte* weights = memory + scratch, x = weights + rows;
            var y = (float*)(x + activations);
            if (many) Step(tokens, few: false);
            Step(1, few: true);

            void Step(int count, bool few)
            {
                if (kernel.IsQuantized) Activations.Quantize<T>(y, Width, 0, Width / 32, x, bits, few);
                kernel.MultiplyMatrix(weights, row, kernel.Rows, Width, x, stride, count, few, y, kernel.Rows, memory);
            }
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private bool First(object what) => _done.Add(what);
}
