using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles.Lines;

/// <summary>Pairs of words, offsets taken off, by words: a product of a pair is one instruction, and a block's sum an exact int32.</summary>
internal readonly unsafe struct WordLines : ILineProducts
{
    private const int Line = TileShape256.Line;

    public static int Lines => 16;

    public static PanelFormat Format<TMinimum>() where TMinimum : struct, IMinimum => TMinimum.IsPerHalf ? PanelFormat.WordsWithMinima : TMinimum.Exists ? PanelFormat.WordsWithMinimum : PanelFormat.Words;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Multiply(Vector256<byte> line, Vector256<int> x)
        => Avx2.MultiplyAddAdjacent(line.AsInt16(), x.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockLines Load<TMinimum>(byte* rest) where TMinimum : struct, IMinimum
        => new(Vector256.Load((float*)rest), TMinimum.Exists ? Vector256.Load((float*)(rest + Line)) : default, default,
            TMinimum.IsPerHalf ? Vector256.Load((short*)(rest + 2 * Line)) : default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Finish<TMinimum>(Vector256<float> total, Vector256<int> sum, int* first, in BlockLines lines, byte* note) where TMinimum : struct, IMinimum
    {
        var unit = Vector256.Create(*(float*)note);
        total = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(sum) * lines.Scale, unit, total);
        if (!TMinimum.Exists) return total;
        if (!TMinimum.IsPerHalf) return Vector256.FusedMultiplyAdd(lines.Minimum, Vector256.Create(*(float*)(note + Activations.NoteSum)), total);
        // Whole numbers below 2^24 throughout: exact.
        var halves = lines.Minima.AsInt32();
        var low = Avx.ConvertToVector256Single((halves << 16) >> 16) * Vector256.Create((float)*(int*)(note + Activations.NoteFirst));
        var both = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(halves >> 16), Vector256.Create((float)*(int*)(note + Activations.NoteSecond)), low);
        return Vector256.FusedMultiplyAdd(both * lines.Minimum, unit, total);
    }
}
