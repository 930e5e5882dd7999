using System.Runtime.Intrinsics.X86;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.Kernels.Panels;
using Hotplug.Cpu.Kernels.Tiles;
using Hotplug.Cpu.Kernels.Vectors;

namespace Hotplug.Cpu.Kernels;

/// <summary>
/// How matrices of one type are multiplied with one instruction set: rows are made into panels, and tiles multiply a panel by one or several tokens.
/// One token or many, alone or among others, an output is computed by the same operations in the same order. Immutable.
/// </summary>
internal sealed unsafe class MatrixKernel
{
    // Tokens whose sums wait between stretches: side by side, since in the output they would lie in the same few sets of a cache, a matrix of rows apart.
    private const int SumTokens = 512;

    private readonly delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> _fill;
    private readonly delegate*<byte*, int, byte*, nint, byte*, nint, float*, nint, void> _one;
    private readonly delegate*<byte*, int, byte*, nint, byte*, nint, float*, nint, void> _many;
    private readonly delegate*<byte*, nint, int, sbyte*, nint, byte*, float*, void> _vector;
    private readonly PanelKernel256? _stretches;
    private readonly bool _direct;
    private readonly int _groupRows, _vectorRows, _stretch;

    public MatrixKernel(TensorType type, ActivationBits bits, PanelFormat format, int groupRows, int groups, int tokens,
        delegate*<byte*, nint, int, sbyte*, nint, byte*, float*, void> vector,
        delegate*<byte*, byte*, byte*, byte*, int, byte*, nint, void> fill,
        delegate*<byte*, int, byte*, nint, byte*, nint, float*, nint, void> one,
        delegate*<byte*, int, byte*, nint, byte*, nint, float*, nint, void> many)
    {
        (Type, Bits, Format, _groupRows, _vectorRows, Rows, Tokens) = (type, bits, format, groupRows, groupRows, groupRows * groups, tokens);
        _fill = fill;
        _one = one;
        _many = many;
        _vector = vector;
        _direct = type == TensorType.F32;
    }

    public MatrixKernel(TensorType type, ActivationBits bits, PanelKernel256 stretches, delegate*<byte*, nint, int, sbyte*, nint, byte*, float*, void> vector)
    {
        (Type, Bits, Format, _groupRows, _vectorRows) = (type, bits, stretches.Format, TileShape256.Rows, Rows256.Count);
        (Rows, Tokens) = (2 * TileShape256.Rows, TileShape256.Tokens);
        _stretches = stretches;
        _stretch = stretches.Stretch;
        _vector = vector;
    }

    public TensorType Type { get; }

    /// <summary>What <see cref="Activations"/> are of; of floats it says nothing.</summary>
    public ActivationBits Bits { get; }

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
        var panel = _stretches is null ? PanelBytes(k) : Math.Max(PanelBytes(Math.Min(k, _stretch)), _vectorRows * Type.RowBytes(k));
        return (panel + 63) / 64 * 64 + Rows * (_stretches is null ? Tokens : SumTokens) * sizeof(float);
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
        if (_stretches is null)
        {
            var spare = (float*)(scratch + ScratchBytes(k) - Rows * Tokens * sizeof(float));
            Multiply(Fill(rows, rowBytes, valid, k, scratch), valid, k, x, stride, Activations.NotesOffset(k, Bits), tokens, y, yStride, spare);
            return;
        }
        for (int some; tokens > 0; tokens -= some, x += some * stride, y += some * yStride)
        {
            some = Math.Min(tokens, SumTokens);
            MultiplyStretches(rows, rowBytes, valid, k, x, stride, some, y, yStride, scratch);
        }
    }

    // As MultiplyMatrix, of many tokens, panel by panel along the rows.
    private void MultiplyStretches(byte* rows, nint rowBytes, int valid, int k, byte* x, nint stride, int tokens, float* y, nint yStride, byte* scratch)
    {
        var sums = (float*)(scratch + ScratchBytes(k) - Rows * SumTokens * sizeof(float));
        var notes = Activations.NotesOffset(k, Bits) - CodesOffset(k);
        var codes = x + CodesOffset(k);
        var width = _stretches!.TakesWords ? 2 : 1;
        for (var first = 0; first < k; first += _stretch)
        {
            var length = Math.Min(_stretch, k - first);
            var panel = Fill(rows + Type.RowBytes(first), rowBytes, valid, length, scratch);
            // The next stretch, or the first of the rows behind: an address beyond the matrix does no harm.
            var behind = first + length < k ? rows + Type.RowBytes(first + length) : rows + Rows * rowBytes;
            var bytes = Type.RowBytes(length);
            for (var row = 0; row < Rows; row++)
                for (var line = 0; line < bytes; line += 64) Sse.Prefetch1(behind + row * rowBytes + line);
            MultiplyPanel(panel, length / 32, codes + width * first, stride, notes - width * first + first / 32 * Activations.NoteBytes, tokens, sums, Rows, first == 0);
        }
        for (var t = 0; t < tokens; t++) new ReadOnlySpan<float>(sums + t * Rows, valid).CopyTo(new Span<float>(y + t * yStride, valid));
    }

    // A panel by tokens, whole.
    private void MultiplyPanel(byte* panel, int length, byte* x, nint stride, nint notes, int tokens, float* y, nint yStride, bool first)
    {
        for (int done; tokens > 0; tokens -= done, x += done * stride, y += done * yStride)
        {
            done = tokens >= Tokens ? Tokens : 1;
            MultiplyTile(panel, length, x, stride, notes, done, y, yStride, first);
        }
    }

    /// <summary>Bytes of a row of <see cref="Activations"/> before what panels are multiplied by.</summary>
    public nint CodesOffset(long k) => _stretches is { TakesWords: true } ? Activations.WordsOffset(k, Bits) : 0;

    /// <summary>True if <paramref name="valid"/> rows are multiplied without panels.</summary>
    public bool MultipliesRows(bool few, int valid) => few && _vector != null && (valid == Rows || _stretches is not null);

    /// <summary>Multiplies rows as they lie by few tokens, whose activations are in bytes; operands as for <see cref="MultiplyMatrix"/>. Without stretches only whole groups of rows.</summary>
    public void MultiplyRows(byte* rows, nint rowBytes, int valid, int k, byte* x, nint stride, int tokens, float* y, nint yStride, byte* scratch)
    {
        var notes = x + Activations.NotesOffset(k, Bits);
        var whole = valid / _vectorRows * _vectorRows;
        for (var t = 0; t < tokens; t++)
            for (var row = 0; row < whole; row += _vectorRows)
                _vector(rows + row * rowBytes, rowBytes, k / 32, (sbyte*)x + t * stride, Activations.FineOffset(k, Bits), notes + t * stride, y + t * yStride + row);
        if (whole == valid) return;
        // The last rows of a matrix, the very last repeated.
        for (var row = 0; row < _vectorRows; row++)
            Buffer.MemoryCopy(rows + Math.Min(whole + row, valid - 1) * rowBytes, scratch + row * rowBytes, rowBytes, rowBytes);
        var sums = stackalloc float[Rows256.Count];
        for (var t = 0; t < tokens; t++)
        {
            _vector(scratch, rowBytes, k / 32, (sbyte*)x + t * stride, Activations.FineOffset(k, Bits), notes + t * stride, sums);
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
            if (_stretches is not null) _stretches.Fill(a, b, c, d, blocks, place, line);
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
    /// <param name="x">Rows of <see cref="Activations"/> from <see cref="CodesOffset"/> on, or floats.</param>
    /// <param name="stride">Bytes between rows of <paramref name="x"/>.</param>
    /// <param name="notes">Bytes from there to the notes.</param>
    /// <param name="tokens">Tokens.</param>
    /// <param name="y">Output of the first token.</param>
    /// <param name="yStride">Floats between outputs of tokens.</param>
    /// <param name="spare">Room for <see cref="Rows"/> × <see cref="Tokens"/> floats.</param>
    public void Multiply(byte* panel, int valid, int k, byte* x, nint stride, nint notes, int tokens, float* y, nint yStride, float* spare)
    {
        var length = IsQuantized ? k / 32 : k;
        if (valid == Rows)
        {
            MultiplyPanel(panel, length, x, stride, notes, tokens, y, yStride, true);
            return;
        }
        for (int done; tokens > 0; tokens -= done, x += done * stride, y += done * yStride)
        {
            done = tokens >= Tokens ? Tokens : 1;
            MultiplyTile(panel, length, x, stride, notes, done, spare, Rows, true);
            for (var t = 0; t < done; t++) new ReadOnlySpan<float>(spare + t * Rows, valid).CopyTo(new Span<float>(y + t * yStride, valid));
        }
    }

    private void MultiplyTile(byte* panel, int length, byte* x, nint stride, nint notes, int tokens, float* y, nint yStride, bool first)
    {
        if (_stretches is null)
        {
            (tokens == Tokens ? _many : _one)(panel, length, x, IsQuantized ? Activations.FineOffset(32L * length, Bits) : 0, x + notes, stride, y, yStride);
            return;
        }
        var tile = tokens == Tokens ? _stretches.Four : _stretches.One;
        var group = panel;
        for (var row = 0; row < Rows; row += TileShape256.Rows, group += length * PanelLines.Count(Format) * TileShape256.Line)
            tile(group, length, x, notes, stride, y + row, yStride, first);
    }
}
