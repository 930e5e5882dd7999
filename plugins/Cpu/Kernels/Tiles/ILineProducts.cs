using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>What a line of a panel is multiplied by four bytes of activations with, for <see cref="Tile256{TLines, TMinimum}"/>.</summary>
internal unsafe interface ILineProducts
{
    /// <summary>Lines of codes in a 32-block.</summary>
    static abstract int Lines { get; }

    /// <summary>Lines behind them: the scale and what follows it.</summary>
    static abstract int Rest<TMinimum>() where TMinimum : struct, IMinimum;

    /// <summary>Adds the products of a line.</summary>
    static abstract Vector256<int> Add(Vector256<int> sum, Vector256<byte> line, Vector256<int> x);

    /// <summary>The sum of a block, of all its lines.</summary>
    static abstract Vector256<int> Total<TMinimum>(Vector256<int> sum, byte* note) where TMinimum : struct, IMinimum;
}

/// <summary>Pairs of words, offsets taken off, by words: a product of a pair is one instruction, and a block's sum an exact int32.</summary>
internal readonly unsafe struct WordLines : ILineProducts
{
    public static int Lines => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Rest<TMinimum>() where TMinimum : struct, IMinimum => TMinimum.IsPerHalf ? 3 : TMinimum.Exists ? 2 : 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> line, Vector256<int> x) => sum + Avx2.MultiplyAddAdjacent(line.AsInt16(), x.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Total<TMinimum>(Vector256<int> sum, byte* note) where TMinimum : struct, IMinimum => sum;
}

/// <summary>Codes 0 to 15 by signed bytes: eight sums of 2·15·127 fit an int16, so those of a block are widened once. Without a minimum codes are 8 too large.</summary>
internal readonly unsafe struct NibbleLines : ILineProducts
{
    public static int Lines => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Rest<TMinimum>() where TMinimum : struct, IMinimum => PanelLines.U4Count - PanelLines.U4Scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> line, Vector256<int> x) => (sum.AsInt16() + Avx2.MultiplyAddAdjacent(line, x.AsSByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Total<TMinimum>(Vector256<int> sum, byte* note) where TMinimum : struct, IMinimum
    {
        var total = Avx2.MultiplyAddAdjacent(sum.AsInt16(), Vector256.Create((short)1));
        return TMinimum.Exists ? total : total + Avx2.MultiplyAddAdjacent(Vector256.Create((short)-8), Vector256.Create(*(int*)(note + Activations.NoteFine)).AsInt16());
    }
}
