using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.Kernels.Panels;
using Hotplug.Cpu.Kernels.Tiles;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>What makes panels of words of a type and multiplies them: functions of AVX2.</summary>
internal sealed unsafe class WordKernel
{
    private WordKernel(PanelFormat format, int parts, delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> fill,
        delegate*<byte*, int, byte*, nint, nint, float*, nint, bool, void> one, delegate*<byte*, int, byte*, nint, nint, float*, nint, bool, void> four)
    {
        (Format, Parts) = (format, parts);
        Fill = fill;
        One = one;
        Four = four;
    }

    public PanelFormat Format { get; }

    /// <summary>32-blocks that only go together.</summary>
    public int Parts { get; }

    public delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> Fill { get; }
    public delegate*<byte*, int, byte*, nint, nint, float*, nint, bool, void> One { get; }
    public delegate*<byte*, int, byte*, nint, nint, float*, nint, bool, void> Four { get; }

    public static WordKernel Of(TensorType type) => type switch
    {
        TensorType.Q4_0 => Make<Q4_0Words>(),
        TensorType.Q4_1 => Make<Q4_1Words>(),
        TensorType.Q4_K => Make<Q4_KWords>(),
        TensorType.Q5_0 => Make<Q5_0Words>(),
        TensorType.Q5_1 => Make<Q5_1Words>(),
        TensorType.Q5_K => Make<Q5_KWords>(),
        TensorType.Q6_K => Make<Q6_KWords>(),
        TensorType.Q8_0 => Make<Q8_0Words>(),
        TensorType.Q2_K => Make<Q2_KWords>(),
        TensorType.Q3_K => Make<Q3_KWords>(),
        TensorType.IQ4_NL => Make<IQ4_NLWords>(),
        TensorType.IQ4_XS => Make<IQ4_XSWords>(),
        TensorType.MXFP4 => Make<MXFP4Words>(),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No kernel multiplies quantised activations by this type."),
    };

    private static WordKernel Make<TCodes>() where TCodes : struct, IWordCodes
        => TCodes.HasMinima ? new(PanelFormat.WordsWithMinima, TCodes.Parts, &WordPanel.Fill<TCodes>, &WordTile256.One<WithMinima>, &WordTile256.Four<WithMinima>)
            : TCodes.HasMinimum ? new(PanelFormat.WordsWithMinimum, TCodes.Parts, &WordPanel.Fill<TCodes>, &WordTile256.One<WithMinimum>, &WordTile256.Four<WithMinimum>)
            : TCodes.IsWide ? new(PanelFormat.Words, TCodes.Parts, &WordPanel.Fill<TCodes>, &WideWordTile256.One, &WideWordTile256.Four)
            : new(PanelFormat.Words, TCodes.Parts, &WordPanel.Fill<TCodes>, &WordTile256.One<WithOffset>, &WordTile256.Four<WithOffset>);
}
