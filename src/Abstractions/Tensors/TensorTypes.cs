namespace Hotplug.Abstractions.Tensors;

/// <summary>Block sizes of the tensor types. Pure functions, safe from any thread.</summary>
public static class TensorTypes
{
    private static readonly TensorType[] Known = Enum.GetValues<TensorType>();

    /// <summary>All types that the format defines, whether a backend computes with them or not.</summary>
    public static IReadOnlyList<TensorType> All => Known;

    /// <summary>True if <paramref name="type"/> is a defined type; ids of removed types (4, 5, 31–33, 36–38) are not.</summary>
    public static bool IsDefined(TensorType type) => Block(type).Bytes != 0;

    /// <summary>Elements in one block, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is not defined.</exception>
    public static int BlockLength(this TensorType type) => Checked(type).Length;

    /// <summary>Bytes of one block.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is not defined.</exception>
    public static int BlockBytes(this TensorType type) => Checked(type).Bytes;

    /// <summary>True for types that hold their elements in scaled blocks.</summary>
    public static bool IsQuantized(this TensorType type) => BlockLength(type) > 1;

    /// <summary>Bytes of a row of <paramref name="elements"/> elements in the standard layout.</summary>
    /// <exception cref="ArgumentException">The row is negative, or no whole number of blocks.</exception>
    /// <exception cref="OverflowException">The row does not fit 63 bits.</exception>
    public static long RowBytes(this TensorType type, long elements)
    {
        var (length, bytes) = Checked(type);
        if (elements < 0 || elements % length != 0)
            throw new ArgumentException($"A row of {elements} elements is not a whole number of {type} blocks ({length} elements each).", nameof(elements));
        return checked(elements / length * bytes);
    }

    private static (int Length, int Bytes) Checked(TensorType type)
    {
        var block = Block(type);
        return block.Bytes != 0 ? block : throw new ArgumentOutOfRangeException(nameof(type), (int)type, "Not a defined tensor type.");
    }

    private static (int Length, int Bytes) Block(TensorType type) => type switch
    {
        TensorType.F32 or TensorType.I32 => (1, 4),
        TensorType.F16 or TensorType.BF16 or TensorType.I16 => (1, 2),
        TensorType.F64 or TensorType.I64 => (1, 8),
        TensorType.I8 => (1, 1),
        TensorType.Q4_0 or TensorType.IQ4_NL => (32, 18),
        TensorType.Q4_1 => (32, 20),
        TensorType.Q5_0 => (32, 22),
        TensorType.Q5_1 => (32, 24),
        TensorType.Q8_0 => (32, 34),
        TensorType.Q8_1 => (32, 36),
        TensorType.MXFP4 => (32, 17),
        TensorType.NVFP4 => (64, 36),
        TensorType.Q2_0 => (64, 18),
        TensorType.Q1_0 => (128, 18),
        TensorType.Q2_K => (256, 84),
        TensorType.Q3_K or TensorType.IQ3_S => (256, 110),
        TensorType.Q4_K => (256, 144),
        TensorType.Q5_K => (256, 176),
        TensorType.Q6_K => (256, 210),
        TensorType.Q8_K => (256, 292),
        TensorType.IQ2_XXS or TensorType.TQ2_0 => (256, 66),
        TensorType.IQ2_XS => (256, 74),
        TensorType.IQ3_XXS => (256, 98),
        TensorType.IQ1_S => (256, 50),
        TensorType.IQ2_S => (256, 82),
        TensorType.IQ4_XS => (256, 136),
        TensorType.IQ1_M => (256, 56),
        TensorType.TQ1_0 => (256, 54),
        _ => (0, 0),
    };
}
