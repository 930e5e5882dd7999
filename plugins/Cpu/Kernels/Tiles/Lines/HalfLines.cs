using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles.Lines;

/// <summary>
/// <see cref="PanelFormat.U6"/> by bytes, half a block at a time, and the multiplication that widens its sums applies its factor. Of codes up to 31 with a minimum four sums of 2·31·127 fit an
/// int16. Of codes with an offset of <typeparamref name="TOffset"/>, 32 at most, those of eight elements fit once it is off: 8·32·127; before, they wrap around.
/// </summary>
internal readonly unsafe struct HalfLines<TOffset> : ILineProducts where TOffset : struct, ICodeOffset
{
    private const int Line = TileShape256.Line;

    public static int Lines => 4;
    public static int Groups => 2;
    public static int Offset => TOffset.Value;

    public static PanelFormat Format<TMinimum>() where TMinimum : struct, IMinimum => PanelFormat.U6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Multiply(Vector256<byte> line, Vector256<int> x)
        => Avx2.MultiplyAddAdjacent(line, x.AsSByte()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => (a.AsInt16() + b.AsInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> First(Vector256<int> sum, byte* rest) => Avx2.MultiplyAddAdjacent(sum.AsInt16(), Vector256.Load((short*)rest));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockLines Load<TMinimum>(byte* rest) where TMinimum : struct, IMinimum => new(
        Vector256.Load((float*)(rest + (PanelLines.U6Scale - PanelLines.U6First) * Line)),
        TMinimum.Exists ? Vector256.Load((float*)(rest + (PanelLines.U6Minimum - PanelLines.U6First) * Line)) : default,
        Vector256.Load((short*)(rest + (PanelLines.U6Second - PanelLines.U6First) * Line)),
        !TMinimum.IsPerHalf ? default : Vector256.Load((short*)(rest + (PanelLines.U6Offset - PanelLines.U6First) * Line)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Finish<TMinimum>(Vector256<float> total, Vector256<int> sum, int* first, in BlockLines lines, byte* note) where TMinimum : struct, IMinimum
    {
        var dot = Avx2.MultiplyAddAdjacent(sum.AsInt16(), lines.Factor) + Vector256.Load(first);
        var unit = Vector256.Create(*(float*)note);
        total = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(dot) * lines.Scale, unit, total);
        if (!TMinimum.Exists) return total;
        if (!TMinimum.IsPerHalf) return Vector256.FusedMultiplyAdd(lines.Minimum, Vector256.Create(*(float*)(note + Activations.NoteSum)), total);
        var minima = Avx2.MultiplyAddAdjacent(lines.Minima, Vector256.Create(*(int*)(note + Activations.NoteFine)).AsInt16());
        return Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(minima) * lines.Minimum, unit, total);
    }
}
