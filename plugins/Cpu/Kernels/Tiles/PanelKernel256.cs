using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.Kernels.Panels;
using Hotplug.Cpu.Kernels.Tiles.Lines;
using Hotplug.Cpu.Kernels.Words;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>What makes panels of a type and multiplies them: functions of AVX2. A row may be multiplied in stretches.</summary>
internal sealed unsafe class PanelKernel256
{
    private PanelKernel256(PanelFormat format, delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> fill,
        delegate*<byte*, int, byte*, nint, nint, float*, nint, bool, void> one, delegate*<byte*, int, byte*, nint, nint, float*, nint, bool, void> four)
    {
        Format = format;
        Fill = fill;
        One = one;
        Four = four;
    }

    public PanelFormat Format { get; }

    /// <summary>True if activations are taken as words, false if as bytes of eight bits.</summary>
    public bool TakesWords => Format is PanelFormat.Words or PanelFormat.WordsWithMinimum or PanelFormat.WordsWithMinima;

    /// <summary>
    /// Elements of a row in a panel, a multiple of every type's block: as many as keep 32 rows of it in a first-level cache, beside the activations of a tile. Words are better off with half of
    /// a panel in the second level than with sums brought back twice as often.
    /// </summary>
    public int Stretch => Format == PanelFormat.U6 ? 256 : 512;

    public delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> Fill { get; }
    public delegate*<byte*, int, byte*, nint, nint, float*, nint, bool, void> One { get; }
    public delegate*<byte*, int, byte*, nint, nint, float*, nint, bool, void> Four { get; }

    /// <summary>The kernel of a type. Bytes by bytes are worth it where an int16 holds several products; eight bits of weight are as fast as words, and need no signs.</summary>
    public static PanelKernel256 Of(TensorType type, ActivationBits bits) => (type, bits) switch
    {
        (TensorType.Q4_0, ActivationBits.Eight) => Make<NibbleLines, WithOffset>(&Q4_0Panel.Fill),
        (TensorType.Q4_1, ActivationBits.Eight) => Make<NibbleLines, WithMinimum>(&Q4_1Panel.Fill),
        (TensorType.Q4_K, ActivationBits.Eight) => Make<NibbleLines, WithMinimum>(&Q4_KPanel.Fill),
        (TensorType.Q5_0, ActivationBits.Eight) => Make<FiveBitLines, WithOffset>(&Q5_0Panel.Fill),
        (TensorType.Q5_1, ActivationBits.Eight) => Make<HalfLines<NoOffset>, WithMinimum>(&Q5_1Panel.Fill),
        (TensorType.Q5_K, ActivationBits.Eight) => Make<HalfLines<NoOffset>, WithMinimum>(&Q5_KPanel.Fill),
        (TensorType.Q6_K, ActivationBits.Eight) => Make<HalfLines<OffsetOf32>, WithOffset>(&Q6_KPanel.Fill),
        (TensorType.Q2_K, ActivationBits.Eight) => Make<HalfLines<NoOffset>, WithMinima>(&Q2_KPanel.Fill),
        (TensorType.Q3_K, ActivationBits.Eight) => Make<HalfLines<OffsetOf4>, WithOffset>(&Q3_KPanel.Fill),
        (TensorType.Q4_0, _) => Words<Q4_0Words>(),
        (TensorType.Q4_1, _) => Words<Q4_1Words>(),
        (TensorType.Q4_K, _) => Words<Q4_KWords>(),
        (TensorType.Q5_0, _) => Words<Q5_0Words>(),
        (TensorType.Q5_1, _) => Words<Q5_1Words>(),
        (TensorType.Q5_K, _) => Words<Q5_KWords>(),
        (TensorType.Q6_K, _) => Words<Q6_KWords>(),
        (TensorType.Q8_0, _) => Words<Q8_0Words>(),
        (TensorType.Q2_K, _) => Words<Q2_KWords>(),
        (TensorType.Q3_K, _) => Words<Q3_KWords>(),
        (TensorType.IQ4_NL, _) => Words<IQ4_NLWords>(),
        (TensorType.IQ4_XS, _) => Words<IQ4_XSWords>(),
        (TensorType.MXFP4, _) => Words<MXFP4Words>(),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No kernel multiplies quantised activations by this type."),
    };

    private static PanelKernel256 Words<TCodes>() where TCodes : struct, IWordCodes
        => TCodes.HasMinima ? Make<WordLines, WithMinima>(&WordPanel.Fill<TCodes>)
            : TCodes.HasMinimum ? Make<WordLines, WithMinimum>(&WordPanel.Fill<TCodes>)
            : TCodes.IsWide ? Make<WideWordLines, WithOffset>(&WordPanel.Fill<TCodes>)
            : Make<WordLines, WithOffset>(&WordPanel.Fill<TCodes>);

    private static PanelKernel256 Make<TLines, TMinimum>(delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> fill) where TLines : struct, ILineProducts where TMinimum : struct, IMinimum
        => new(TLines.Format<TMinimum>(), fill, &Tile256<TLines, TMinimum>.One, &Tile256<TLines, TMinimum>.Four);
}
