using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.Kernels.Lanes;
using Hotplug.Cpu.Kernels.Panels;
using Hotplug.Cpu.Kernels.RowFormats;
using Hotplug.Cpu.Kernels.Tiles;
using Hotplug.Cpu.Kernels.Vectors;

namespace Hotplug.Cpu.Kernels;

/// <summary>Chooses the functions of a <see cref="MatrixKernel"/>.</summary>
internal static unsafe class MatrixKernels
{
    /// <summary>The kernel of a type for activations of so many bits.</summary>
    public static MatrixKernel Create(TensorType type, InstructionSet set, ActivationBits bits)
        => bits == ActivationBits.Eight ? Create<EightBits>(type, set) : Create<SixteenBits>(type, set);

    private static MatrixKernel Create<TBits>(TensorType type, InstructionSet set) where TBits : struct, IActivationBits
    {
        if (MatrixKernel.MultipliesQuantized(type) && set == InstructionSet.Avx2) return new(type, TBits.Bits, PanelKernel256.Of(type, TBits.Bits), VectorKernels.Of256<TBits>(type));
        switch (type)
        {
            case TensorType.Q4_0: return FourBit<TBits, WithOffset>(type, set, &Q4_0Panel.Fill);
            case TensorType.Q4_1: return FourBit<TBits, WithMinimum>(type, set, &Q4_1Panel.Fill);
            case TensorType.Q4_K: return FourBit<TBits, WithMinimum>(type, set, &Q4_KPanel.Fill);
            case TensorType.Q5_0: return SixBit<TBits, WithOffset>(type, set, &Q5_0Panel.Fill);
            case TensorType.Q5_1: return SixBit<TBits, WithMinimum>(type, set, &Q5_1Panel.Fill);
            case TensorType.Q5_K: return SixBit<TBits, WithMinimum>(type, set, &Q5_KPanel.Fill);
            case TensorType.Q6_K: return SixBit<TBits, WithOffset>(type, set, &Q6_KPanel.Fill);
            case TensorType.Q2_K: return SixBit<TBits, WithMinima>(type, set, &Q2_KPanel.Fill);
            case TensorType.Q3_K: return SixBit<TBits, WithOffset>(type, set, &Q3_KPanel.Fill);
            case TensorType.Q8_0: return EightBit<TBits>(type, set, &Q8_0Panel.Fill);
            case TensorType.IQ4_NL: return EightBit<TBits>(type, set, &IQ4_NLPanel.Fill);
            case TensorType.IQ4_XS: return EightBit<TBits>(type, set, &IQ4_XSPanel.Fill);
            case TensorType.MXFP4: return EightBit<TBits>(type, set, &MXFP4Panel.Fill);
            default:
                return set switch
                {
                    InstructionSet.Avx512 => Float<Lanes512>(type, 4, &FloatTile.Four<Lanes512>),
                    InstructionSet.Avx2 => Float<Lanes256>(type, 1, &FloatTile.One<Lanes256>),
                    _ => Float<Lanes128>(type, 1, &FloatTile.One<Lanes128>),
                };
        }
    }

    private static MatrixKernel FourBit<TBits, TMinimum>(TensorType type, InstructionSet set,
        delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> fill) where TBits : struct, IActivationBits where TMinimum : struct, IMinimum
        => set == InstructionSet.Avx512
            ? new(type, TBits.Bits, PanelFormat.U4, 16, 2, 2, VectorKernels.Of512<TBits>(type), fill, &U4Tile512.One<TBits, TMinimum>, &U4Tile512.Two<TBits, TMinimum>)
            : new(type, TBits.Bits, PanelFormat.U4, 4, 1, 1, null, fill, &U4Tile128.One<TBits, TMinimum>, &U4Tile128.One<TBits, TMinimum>);

    private static MatrixKernel SixBit<TBits, TMinimum>(TensorType type, InstructionSet set,
        delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> fill) where TBits : struct, IActivationBits where TMinimum : struct, IMinimum
        => set == InstructionSet.Avx512
            ? new(type, TBits.Bits, PanelFormat.U6, 16, 1, 4, VectorKernels.Of512<TBits>(type), fill, &U6Tile512.One<TBits, TMinimum>, &U6Tile512.Four<TBits, TMinimum>)
            : new(type, TBits.Bits, PanelFormat.U6, 4, 1, 1, null, fill, &U6Tile128.One<TBits, TMinimum>, &U6Tile128.One<TBits, TMinimum>);

    private static MatrixKernel EightBit<TBits>(TensorType type, InstructionSet set, delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> fill) where TBits : struct, IActivationBits
        => set == InstructionSet.Avx512
            ? new(type, TBits.Bits, PanelFormat.U8, 16, 1, 2, VectorKernels.Of512<TBits>(type), fill, &U8Tile512.One<TBits>, &U8Tile512.Two<TBits>)
            : new(type, TBits.Bits, PanelFormat.U8, 4, 1, 1, null, fill, &U8Tile128.One<TBits>, &U8Tile128.One<TBits>);

    private static MatrixKernel Float<T>(TensorType type, int tokens, delegate*<byte*, int, byte*, nint, byte*, nint, float*, nint, void> many)
        where T : unmanaged, ILanes<T>
        => new(type, ActivationBits.Sixteen, PanelFormat.F32, 4, 1, tokens, null, FloatPanels<T>(type), &FloatTile.One<T>, many);

    private static delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> FloatPanels<T>(TensorType type) where T : unmanaged, ILanes<T> => type switch
    {
        TensorType.F32 => &FloatPanel.FromSingle<T>,
        TensorType.F16 => &FloatPanel.FromHalf<T>,
        TensorType.BF16 => &FloatPanel.FromBFloat<T>,
        TensorType.IQ3_XXS => &FloatPanel.FromRows<IQ3_XXSRow>,
        TensorType.IQ3_S => &FloatPanel.FromRows<IQ3_SRow>,
        TensorType.IQ2_XXS => &FloatPanel.FromRows<IQ2_XXSRow>,
        TensorType.IQ2_XS => &FloatPanel.FromRows<IQ2_XSRow>,
        TensorType.IQ2_S => &FloatPanel.FromRows<IQ2_SRow>,
        TensorType.IQ1_S => &FloatPanel.FromRows<IQ1_SRow>,
        TensorType.IQ1_M => &FloatPanel.FromRows<IQ1_MRow>,
        TensorType.TQ1_0 => &FloatPanel.FromRows<TQ1_0Row>,
        TensorType.TQ2_0 => &FloatPanel.FromRows<TQ2_0Row>,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No kernel multiplies by this type."),
    };
}
