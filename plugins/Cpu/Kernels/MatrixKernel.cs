using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.Kernels.Lanes;
using Hotplug.Cpu.Kernels.Panels;
using Hotplug.Cpu.Kernels.RowFormats;
using Hotplug.Cpu.Kernels.Tiles;
using Hotplug.Cpu.Kernels.Vectors;
using Hotplug.Cpu.Kernels.Words;

namespace Hotplug.Cpu.Kernels;

/// <summary>
/// How matrices of one type are multiplied with one instruction set: rows are made into panels, and tiles multiply a panel by one or several tokens.
/// One token or many, alone or among others, an output is computed by the same operations in the same order. Immutable.
/// </summary>
internal sealed unsafe class MatrixKernel
{
    // Elements of a row that a panel of words holds: with 32 rows it fills half of a first-level cache, and the activations of a tile lie beside it.
    private const int Stretch = 256;

    private readonly delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> _fill;
    private readonly delegate*<byte*, int, byte*, nint, byte*, nint, float*, nint, void> _one;
    private readonly delegate*<byte*, int, byte*, nint, byte*, nint, float*, nint, void> _many;
    private readonly delegate*<byte*, nint, int, sbyte*, nint, byte*, float*, void> _vector;
    private readonly WordKernel? _words;
    private readonly bool _direct;
    private readonly int _groupRows, _vectorRows;

    private MatrixKernel(TensorType type, PanelFormat format, int groupRows, int groups, int tokens,
        delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> fill,
        delegate*<byte*, int, byte*, nint, byte*, nint, float*, nint, void> one,
        delegate*<byte*, int, byte*, nint, byte*, nint, float*, nint, void> many)
    {
        (Type, Format, _groupRows, _vectorRows, Rows, Tokens) = (type, format, groupRows, groupRows, groupRows * groups, tokens);
        _fill = fill;
        _one = one;
        _many = many;
        _vector = Vector(type, groupRows);
        _direct = type == TensorType.F32;
    }

    private MatrixKernel(TensorType type, WordKernel words)
    {
        (Type, Format, _groupRows, _vectorRows, Rows, Tokens) = (type, words.Format, WordTile256.Rows, Rows256.Count, 2 * WordTile256.Rows, WordTile256.Tokens);
        _words = words;
        _vector = Vector(type, Rows256.Count);
    }

    public TensorType Type { get; }
    public PanelFormat Format { get; }

    /// <summary>Rows of a panel.</summary>
    public int Rows { get; }

    /// <summary>Most tokens of a tile.</summary>
    public int Tokens { get; }

    /// <summary>True if it multiplies <see cref="Activations"/>; false for float rows.</summary>
    public bool IsQuantized => Format != PanelFormat.F32;

    /// <summary>True if there is a kernel for the type.</summary>
    public static bool Knows(TensorType type) => MultipliesQuantized(type) || type is TensorType.F32 or TensorType.F16 or TensorType.BF16
        or TensorType.IQ3_XXS or TensorType.IQ3_S or TensorType.IQ2_XXS or TensorType.IQ2_XS or TensorType.IQ2_S or TensorType.IQ1_S or TensorType.IQ1_M
        or TensorType.TQ1_0 or TensorType.TQ2_0;

    /// <summary>True if matrices of the type are multiplied by <see cref="Activations"/>, false if by floats.</summary>
    public static bool MultipliesQuantized(TensorType type) => type is TensorType.Q8_0 or TensorType.Q4_0
        or TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q2_K or TensorType.Q3_K or TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K
        or TensorType.IQ4_NL or TensorType.IQ4_XS or TensorType.MXFP4;

    /// <summary>Bytes of scratch for a panel of rows of <paramref name="k"/> elements, and for the rest of what is multiplied at once.</summary>
    public long PanelBytes(long k) => IsQuantized ? k / 32 * PanelLines.Count(Format) * 4 * Rows : k * Rows * sizeof(float);

    /// <summary>Bytes of scratch for <see cref="MultiplyMatrix"/>; a multiple of 64.</summary>
    public long ScratchBytes(long k)
    {
        var panel = _words is null ? PanelBytes(k) : Math.Max(PanelBytes(Math.Min(k, Stretch)), _vectorRows * Type.RowBytes(k));
        return (panel + 63) / 64 * 64 + Rows * Tokens * sizeof(float);
    }

    /// <summary>
    /// Multiplies up to <see cref="Rows"/> rows, as they lie, by tokens: as many floats at <paramref name="y"/> per token.
    /// </summary>
    /// <param name="rows">The first of the rows.</param>
    /// <param name="rowBytes">Bytes of one.</param>
    /// <param name="valid">How many there are, at least 1.</param>
    /// <param name="k">Elements of a row.</param>
    /// <param name="x">Rows of <see cref="Activations"/> or floats.</param>
    /// <param name="stride">Bytes between rows of <paramref name="x"/>.</param>
    /// <param name="tokens">Rows of <paramref name="x"/>.</param>
    /// <param name="few">What <see cref="Activations.AreFew(long)"/> says of the step, on which the form of the activations depends.</param>
    /// <param name="y">Output of the first token.</param>
    /// <param name="yStride">Floats between outputs of tokens.</param>
    /// <param name="scratch">Room for <see cref="ScratchBytes"/>.</param>
    public void MultiplyMatrix(byte* rows, nint rowBytes, int valid, int k, byte* x, nint stride, int tokens, bool few, float* y, nint yStride, byte* scratch)
    {
        if (MultipliesRows(few, valid))
        {
            MultiplyRows(rows, rowBytes, valid, k, x, stride, tokens, y, yStride, scratch);
            return;
        }
        var spare = (float*)(scratch + ScratchBytes(k) - Rows * Tokens * sizeof(float));
        var notes = Activations.NotesOffset(k);
        if (_words is null)
        {
            Multiply(Fill(rows, rowBytes, valid, k, scratch), valid, k, x, stride, notes, tokens, y, yStride, spare, true);
            return;
        }
        for (var first = 0; first < k; first += Stretch)
        {
            var length = Math.Min(Stretch, k - first);
            var panel = Fill(rows + Type.RowBytes(first), rowBytes, valid, length, scratch);
            Multiply(panel, valid, length, x + 2 * first, stride, notes - 2 * first + first / 32 * Activations.NoteBytes, tokens, y, yStride, spare, first == 0);
        }
    }

    /// <summary>True if <paramref name="valid"/> rows are multiplied without panels.</summary>
    public bool MultipliesRows(bool few, int valid) => few && _vector != null && (valid == Rows || _words is not null);

    /// <summary>Multiplies rows as they lie by few tokens, whose activations are in bytes; operands as for <see cref="MultiplyMatrix"/>. Without words only whole groups of rows.</summary>
    public void MultiplyRows(byte* rows, nint rowBytes, int valid, int k, byte* x, nint stride, int tokens, float* y, nint yStride, byte* scratch)
    {
        var notes = x + Activations.NotesOffset(k);
        var whole = valid / _vectorRows * _vectorRows;
        for (var t = 0; t < tokens; t++)
            for (var row = 0; row < whole; row += _vectorRows)
                _vector(rows + row * rowBytes, rowBytes, k / 32, (sbyte*)x + t * stride, Activations.FineOffset(k), notes + t * stride, y + t * yStride + row);
        if (whole == valid) return;
        // The last rows of a matrix, the very last repeated.
        for (var row = 0; row < _vectorRows; row++)
            Buffer.MemoryCopy(rows + Math.Min(whole + row, valid - 1) * rowBytes, scratch + row * rowBytes, rowBytes, rowBytes);
        var sums = stackalloc float[Rows256.Count];
        for (var t = 0; t < tokens; t++)
        {
            _vector(scratch, rowBytes, k / 32, (sbyte*)x + t * stride, Activations.FineOffset(k), notes + t * stride, sums);
            new ReadOnlySpan<float>(sums, valid - whole).CopyTo(new Span<float>(y + t * yStride + whole, valid - whole));
        }
    }

    /// <summary>
    /// Makes a panel. Reads <paramref name="valid"/> rows, at least 1; the rest of the panel repeats the last. The panel is in
    /// <paramref name="scratch"/>, or the weights themselves if they are floats already.
    /// </summary>
    public byte* Fill(byte* rows, nint rowBytes, int valid, int k, byte* scratch)
    {
        if (_direct && valid == Rows) return rows;
        var last = valid - 1;
        if (!IsQuantized)
        {
            _fill(rows, rows + Math.Min(1, last) * rowBytes, rows + Math.Min(2, last) * rowBytes, rows + Math.Min(3, last) * rowBytes, k, scratch, 0);
            return scratch;
        }
        int blocks = k / 32, lines = PanelLines.Count(Format);
        nint line = 4 * _groupRows;
        var target = scratch;
        for (var row = 0; row < Rows; row += 4)
        {
            var place = target + row % _groupRows * 4;
            byte* a = rows + Math.Min(row, last) * rowBytes, b = rows + Math.Min(row + 1, last) * rowBytes;
            byte* c = rows + Math.Min(row + 2, last) * rowBytes, d = rows + Math.Min(row + 3, last) * rowBytes;
            if (_words is not null) _words.Fill(a, b, c, d, blocks, place, line);
            else _fill(a, b, c, d, blocks, place, line);
            if ((row + 4) % _groupRows == 0) target += blocks * lines * line;
        }
        return scratch;
    }

    /// <summary>
    /// Multiplies a panel by tokens: <see cref="Rows"/> floats at <paramref name="y"/> per token, or of the last panel of a matrix only <paramref name="valid"/>.
    /// </summary>
    /// <param name="panel">What <see cref="Fill"/> returned.</param>
    /// <param name="valid">Rows to write.</param>
    /// <param name="k">Elements of a row in the panel.</param>
    /// <param name="x">Rows of <see cref="Activations"/> or floats; in words where the kernel has panels of words.</param>
    /// <param name="stride">Bytes between rows of <paramref name="x"/>.</param>
    /// <param name="notes">Bytes from there to the notes.</param>
    /// <param name="tokens">Tokens.</param>
    /// <param name="y">Output of the first token.</param>
    /// <param name="yStride">Floats between outputs of tokens.</param>
    /// <param name="spare">Room for <see cref="Rows"/> × <see cref="Tokens"/> floats.</param>
    /// <param name="first">False if the panel continues rows whose beginning is in <paramref name="y"/>: panels of words only.</param>
    public void Multiply(byte* panel, int valid, int k, byte* x, nint stride, nint notes, int tokens, float* y, nint yStride, float* spare, bool first)
    {
        var length = IsQuantized ? k / 32 : k;
        for (int done; tokens > 0; tokens -= done, x += done * stride, y += done * yStride)
        {
            done = tokens >= Tokens ? Tokens : 1;
            if (valid == Rows)
            {
                MultiplyTile(panel, length, x, stride, notes, done, y, yStride, first);
                continue;
            }
            if (!first)
                for (var t = 0; t < done; t++) new ReadOnlySpan<float>(y + t * yStride, valid).CopyTo(new Span<float>(spare + t * Rows, valid));
            MultiplyTile(panel, length, x, stride, notes, done, spare, Rows, first);
            for (var t = 0; t < done; t++) new ReadOnlySpan<float>(spare + t * Rows, valid).CopyTo(new Span<float>(y + t * yStride, valid));
        }
    }

    private void MultiplyTile(byte* panel, int length, byte* x, nint stride, nint notes, int tokens, float* y, nint yStride, bool first)
    {
        if (_words is null)
        {
            (tokens == Tokens ? _many : _one)(panel, length, x, notes / 2, x + notes, stride, y, yStride);
            return;
        }
        var tile = tokens == Tokens ? _words.Four : _words.One;
        var group = panel;
        for (var row = 0; row < Rows; row += WordTile256.Rows, group += length * PanelLines.Count(Format) * 4 * WordTile256.Rows)
            tile(group, length, x, notes, stride, y + row, yStride, first);
    }

    /// <summary>The kernel of a type.</summary>
    public static MatrixKernel Create(TensorType type, InstructionSet set)
    {
        switch (type)
        {
            case TensorType.Q4_0: return FourBit<WithOffset>(type, set, &Q4_0Panel.Fill);
            case TensorType.Q4_1: return FourBit<WithMinimum>(type, set, &Q4_1Panel.Fill);
            case TensorType.Q4_K: return FourBit<WithMinimum>(type, set, &Q4_KPanel.Fill);
            case TensorType.Q5_0: return SixBit<WithOffset>(type, set, &Q5_0Panel.Fill);
            case TensorType.Q5_1: return SixBit<WithMinimum>(type, set, &Q5_1Panel.Fill);
            case TensorType.Q5_K: return SixBit<WithMinimum>(type, set, &Q5_KPanel.Fill);
            case TensorType.Q6_K: return SixBit<WithOffset>(type, set, &Q6_KPanel.Fill);
            case TensorType.Q2_K: return SixBit<WithMinima>(type, set, &Q2_KPanel.Fill);
            case TensorType.Q3_K: return SixBit<WithOffset>(type, set, &Q3_KPanel.Fill);
            case TensorType.Q8_0: return EightBit(type, set, &Q8_0Panel.Fill);
            case TensorType.IQ4_NL: return EightBit(type, set, &IQ4_NLPanel.Fill);
            case TensorType.IQ4_XS: return EightBit(type, set, &IQ4_XSPanel.Fill);
            case TensorType.MXFP4: return EightBit(type, set, &MXFP4Panel.Fill);
            default:
                return set switch
                {
                    InstructionSet.Avx512 => Float<Lanes512>(type, 4, &FloatTile.Four<Lanes512>),
                    InstructionSet.Avx2 => Float<Lanes256>(type, 1, &FloatTile.One<Lanes256>),
                    _ => Float<Lanes128>(type, 1, &FloatTile.One<Lanes128>),
                };
        }
    }

    private static MatrixKernel FourBit<TMinimum>(TensorType type, InstructionSet set,
        delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> fill) where TMinimum : struct, IMinimum => set switch
    {
        InstructionSet.Avx512 => new(type, PanelFormat.U4, 16, 2, 2, fill, &U4Tile512.One<TMinimum>, &U4Tile512.Two<TMinimum>),
        InstructionSet.Avx2 => new(type, WordKernel.Of(type)),
        _ => new(type, PanelFormat.U4, 4, 1, 1, fill, &U4Tile128.One<TMinimum>, &U4Tile128.One<TMinimum>),
    };

    private static MatrixKernel SixBit<TMinimum>(TensorType type, InstructionSet set,
        delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> fill) where TMinimum : struct, IMinimum => set switch
    {
        InstructionSet.Avx512 => new(type, PanelFormat.U6, 16, 1, 4, fill, &U6Tile512.One<TMinimum>, &U6Tile512.Four<TMinimum>),
        InstructionSet.Avx2 => new(type, WordKernel.Of(type)),
        _ => new(type, PanelFormat.U6, 4, 1, 1, fill, &U6Tile128.One<TMinimum>, &U6Tile128.One<TMinimum>),
    };

    private static MatrixKernel EightBit(TensorType type, InstructionSet set, delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> fill) => set switch
    {
        InstructionSet.Avx512 => new(type, PanelFormat.U8, 16, 1, 2, fill, &U8Tile512.One, &U8Tile512.Two),
        InstructionSet.Avx2 => new(type, WordKernel.Of(type)),
        _ => new(type, PanelFormat.U8, 4, 1, 1, fill, &U8Tile128.One, &U8Tile128.One),
    };

    // Rows of a group tell the instruction set: 16 are 512 bits, 8 are 256.
    private static delegate*<byte*, nint, int, sbyte*, nint, byte*, float*, void> Vector(TensorType type, int groupRows) => (type, groupRows) switch
    {
        (TensorType.Q4_0, Rows512.Count) => &Q4_0Vector512.Multiply,
        (TensorType.Q4_1, Rows512.Count) => &Q4_1Vector512.Multiply,
        (TensorType.Q4_K, Rows512.Count) => &Q4_KVector512.Multiply,
        (TensorType.Q5_0, Rows512.Count) => &Q5_0Vector512.Multiply,
        (TensorType.Q5_1, Rows512.Count) => &Q5_1Vector512.Multiply,
        (TensorType.Q5_K, Rows512.Count) => &Q5_KVector512.Multiply,
        (TensorType.Q6_K, Rows512.Count) => &Q6_KVector512.Multiply,
        (TensorType.Q8_0, Rows512.Count) => &Q8_0Vector512.Multiply,
        (TensorType.Q2_K, Rows512.Count) => &Q2_KVector512.Multiply,
        (TensorType.Q3_K, Rows512.Count) => &Q3_KVector512.Multiply,
        (TensorType.IQ4_NL, Rows512.Count) => &IQ4_NLVector512.Multiply,
        (TensorType.IQ4_XS, Rows512.Count) => &IQ4_XSVector512.Multiply,
        (TensorType.MXFP4, Rows512.Count) => &MXFP4Vector512.Multiply,
        (TensorType.Q4_0, Rows256.Count) => &Q4_0Vector256.Multiply,
        (TensorType.Q4_1, Rows256.Count) => &Q4_1Vector256.Multiply,
        (TensorType.Q4_K, Rows256.Count) => &KVector256.Multiply<FourBitK>,
        (TensorType.Q5_0, Rows256.Count) => &Q5_0Vector256.Multiply,
        (TensorType.Q5_1, Rows256.Count) => &Q5_1Vector256.Multiply,
        (TensorType.Q5_K, Rows256.Count) => &KVector256.Multiply<FiveBitK>,
        (TensorType.Q6_K, Rows256.Count) => &Q6_KVector256.Multiply,
        (TensorType.Q8_0, Rows256.Count) => &Q8_0Vector256.Multiply,
        (TensorType.Q2_K, Rows256.Count) => &Q2_KVector256.Multiply,
        (TensorType.Q3_K, Rows256.Count) => &Q3_KVector256.Multiply,
        (TensorType.IQ4_NL, Rows256.Count) => &IQ4_NLVector256.Multiply,
        (TensorType.IQ4_XS, Rows256.Count) => &IQ4_XSVector256.Multiply,
        (TensorType.MXFP4, Rows256.Count) => &MXFP4Vector256.Multiply,
        _ => null,
    };

    private static MatrixKernel Float<T>(TensorType type, int tokens, delegate*<byte*, int, byte*, nint, byte*, nint, float*, nint, void> many)
        where T : unmanaged, ILanes<T>
        => new(type, PanelFormat.F32, 4, 1, tokens, FloatPanels<T>(type), &FloatTile.One<T>, many);

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
