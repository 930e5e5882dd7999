using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles.Lines;

/// <summary>
/// As <see cref="WordLines"/>, for types without a minimum whose blocks may leave an int32 (Q6_K: 32 · 4096 · 32384): the halves of a block, which do not, are summed apart, and their sum
/// is rounded once to a float.
/// </summary>
internal readonly unsafe struct WideWordLines : ILineProducts
{
    public static int Lines => 8;
    public static int Groups => 2;

    public static PanelFormat Format<TMinimum>() where TMinimum : struct, IMinimum => PanelFormat.Words;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Multiply(Vector256<byte> line, Vector256<int> x)
        => Avx2.MultiplyAddAdjacent(line.AsInt16(), x.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockLines Load<TMinimum>(byte* rest) where TMinimum : struct, IMinimum => new(Vector256.Load((float*)rest), default, default, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Finish<TMinimum>(Vector256<float> total, Vector256<int> sum, int* first, in BlockLines lines, byte* note) where TMinimum : struct, IMinimum
    {
        // In parts that floats hold exactly.
        var a = Vector256.Load(first);
        var low = (a & Vector256.Create(255)) + (sum & Vector256.Create(255));
        var high = (a >> 8) + (sum >> 8);
        var dot = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(high), Vector256.Create(256f), Avx.ConvertToVector256Single(low));
        return Vector256.FusedMultiplyAdd(dot * lines.Scale, Vector256.Create(*(float*)note), total);
    }
}
