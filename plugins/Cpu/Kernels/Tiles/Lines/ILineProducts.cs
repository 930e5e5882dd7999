using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles.Lines;

/// <summary>
/// How lines of a panel are multiplied by activations, four bytes of a token by four bytes of every row, for <see cref="Tile256{TLines, TMinimum}"/>: what is summed in which width, and how a
/// block's sum is added to those before it. A block is one or two groups of lines.
/// </summary>
internal unsafe interface ILineProducts
{
    /// <summary>Lines of codes in a group.</summary>
    static abstract int Lines { get; }

    /// <summary>Groups of a 32-block, 1 or 2. The sums of the first wait in memory.</summary>
    static virtual int Groups => 1;

    /// <summary>What the panel is.</summary>
    static abstract PanelFormat Format<TMinimum>() where TMinimum : struct, IMinimum;

    /// <summary>What is taken off every code if the type has no minimum. Sums of int16 may wrap around until it is off.</summary>
    static virtual int Offset => 0;

    /// <summary>The products of a line of eight rows.</summary>
    static abstract Vector256<int> Multiply(Vector256<byte> line, Vector256<int> x);

    /// <summary>Adds two sums of products.</summary>
    static abstract Vector256<int> Add(Vector256<int> a, Vector256<int> b);

    /// <summary>The sum of the first of two groups in the width in which it waits. <paramref name="rest"/>: the lines behind the codes.</summary>
    static virtual Vector256<int> First(Vector256<int> sum, byte* rest) => sum;

    /// <summary>What lies behind the codes of eight rows.</summary>
    static abstract BlockLines Load<TMinimum>(byte* rest) where TMinimum : struct, IMinimum;

    /// <summary>Adds a block to the sum of those before it.</summary>
    /// <param name="total">The sum of the blocks before.</param>
    /// <param name="sum">That of the block's last group.</param>
    /// <param name="first">That of the first of two.</param>
    /// <param name="lines">What <see cref="Load"/> gave.</param>
    /// <param name="note">The note of the activations.</param>
    static abstract Vector256<float> Finish<TMinimum>(Vector256<float> total, Vector256<int> sum, int* first, in BlockLines lines, byte* note) where TMinimum : struct, IMinimum;
}
