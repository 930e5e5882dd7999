using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles.Lines;

/// <summary>
/// <see cref="PanelFormat.U6"/> with codes up to 31, an offset of 16 and one scale per block, by bytes, multiplied as <see cref="NibbleLines"/>: once the offset is off, sums of sixteen elements fit an
/// int16, 16·16·127; before, they wrap around. So those of a block are widened once.
/// </summary>
internal readonly unsafe struct FiveBitLines : ILineProducts
{
    public static int Lines => NibbleLines.Lines;
    public static int Offset => 16;

    public static PanelFormat Format<TMinimum>() where TMinimum : struct, IMinimum => PanelFormat.U6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Multiply(Vector256<byte> line, Vector256<int> x) => NibbleLines.Multiply(line, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => NibbleLines.Add(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockLines Load<TMinimum>(byte* rest) where TMinimum : struct, IMinimum
        => new(Vector256.Load((float*)(rest + (PanelLines.U6Scale - PanelLines.U6First) * TileShape256.Line)), default, default, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Finish<TMinimum>(Vector256<float> total, Vector256<int> sum, int* first, in BlockLines lines, byte* note) where TMinimum : struct, IMinimum
        => NibbleLines.Finish<TMinimum>(total, sum, first, lines, note);
}
