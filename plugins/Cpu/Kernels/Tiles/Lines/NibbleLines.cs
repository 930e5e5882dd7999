using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles.Lines;

/// <summary><see cref="PanelFormat.U4"/> by bytes: eight sums of 2·15·127 fit an int16, so those of a block are widened once. Without a minimum codes are 8 too large.</summary>
internal readonly unsafe struct NibbleLines : ILineProducts
{
    public static int Lines => 8;
    public static int Offset => 8;

    public static PanelFormat Format<TMinimum>() where TMinimum : struct, IMinimum => PanelFormat.U4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Multiply(Vector256<byte> line, Vector256<int> x)
        => Avx2.MultiplyAddAdjacent(line, x.AsSByte()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => (a.AsInt16() + b.AsInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockLines Load<TMinimum>(byte* rest) where TMinimum : struct, IMinimum
        => new(Vector256.Load((float*)rest), TMinimum.Exists ? Vector256.Load((float*)(rest + TileShape256.Line)) : default, default, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Finish<TMinimum>(Vector256<float> total, Vector256<int> sum, int* first, in BlockLines lines, byte* note) where TMinimum : struct, IMinimum
    {
        var dot = Avx2.MultiplyAddAdjacent(sum.AsInt16(), Vector256.Create((short)1));
        total = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(dot) * lines.Scale, Vector256.Create(*(float*)note), total);
        return !TMinimum.Exists ? total
            : Vector256.FusedMultiplyAdd(lines.Minimum, Vector256.Create(*(float*)(note + Activations.NoteSum)), total);
    }
}
