using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;
using Hotplug.Cpu.Kernels.Tiles.Lines;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// Panels by quantised activations, 256-bit: 16 rows by 4 tokens or by 1, in words or in bytes, as <typeparamref name="TLines"/> says. A lane is a row. The sums over the blocks of a row, in
/// order, are kept in the output, whose lines stay in the cache; so a row may be multiplied in stretches.
/// </summary>
internal static unsafe class Tile256<TLines, TMinimum> where TLines : struct, ILineProducts where TMinimum : struct, IMinimum
{
    private const int Rows = TileShape256.Rows, Tokens = TileShape256.Tokens, Line = TileShape256.Line, Half = TileShape256.Half;

    // Reads the panel, and of each token four bytes of codes per line and 16 × blocks of notes, which lie `notes` bytes behind the codes; adds to Rows floats per
    // token, or if it is the first stretch of the rows, writes them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(byte* panel, int blocks, byte* x, nint notes, nint stride, float* y, nint yStride, bool first)
    {
        // Constants: bytes of a token in a group, lines behind the codes of a block.
        int bytes = 4 * TLines.Lines, behind = PanelLines.Count(TLines.Format<TMinimum>()) - TLines.Groups * TLines.Lines;
        byte* x0 = x, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, note = x + notes;
        if (first)
            for (var t = 0; t < Tokens; t++) new Span<float>(y + t * yStride, Rows).Clear();
        // The sums of the first of two groups.
        WaitingSums room;
        var firsts = (int*)&room;
        for (; blocks > 0; blocks--)
        {
            for (var group = 1; group <= TLines.Groups; group++)
            {
                // Behind the codes of the block.
                var rest = panel + (TLines.Groups - group + 1) * TLines.Lines * Line;
                Vector256<byte> u = Vector256.Load(panel), v = Vector256.Load(panel + Half);
                var pairs = note + Activations.NotePairs + 4 * (group - 1);
                Begin(u, v, x0, pairs, out var a0, out var b0);
                Begin(u, v, x1, pairs + stride, out var a1, out var b1);
                Begin(u, v, x2, pairs + 2 * stride, out var a2, out var b2);
                Begin(u, v, x3, pairs + 3 * stride, out var a3, out var b3);
                panel += Line;
                for (nint at = 4; at < bytes; at += 4, panel += Line)
                {
                    (u, v) = (Vector256.Load(panel), Vector256.Load(panel + Half));
                    var w = Vector256.Create(*(int*)(x0 + at));
                    a0 = TLines.Add(a0, TLines.Multiply(u, w));
                    b0 = TLines.Add(b0, TLines.Multiply(v, w));
                    w = Vector256.Create(*(int*)(x1 + at));
                    a1 = TLines.Add(a1, TLines.Multiply(u, w));
                    b1 = TLines.Add(b1, TLines.Multiply(v, w));
                    w = Vector256.Create(*(int*)(x2 + at));
                    a2 = TLines.Add(a2, TLines.Multiply(u, w));
                    b2 = TLines.Add(b2, TLines.Multiply(v, w));
                    w = Vector256.Create(*(int*)(x3 + at));
                    a3 = TLines.Add(a3, TLines.Multiply(u, w));
                    b3 = TLines.Add(b3, TLines.Multiply(v, w));
                }
                x0 += bytes;
                x1 += bytes;
                x2 += bytes;
                x3 += bytes;
                if (group < TLines.Groups)
                {
                    TLines.First(a0, rest).Store(firsts);
                    TLines.First(b0, rest + Half).Store(firsts + 8);
                    TLines.First(a1, rest).Store(firsts + 16);
                    TLines.First(b1, rest + Half).Store(firsts + 24);
                    TLines.First(a2, rest).Store(firsts + 32);
                    TLines.First(b2, rest + Half).Store(firsts + 40);
                    TLines.First(a3, rest).Store(firsts + 48);
                    TLines.First(b3, rest + Half).Store(firsts + 56);
                    continue;
                }
                // Row by row of the panel's halves, so that what lies behind the codes is loaded once.
                Finish(a0, a1, a2, a3, firsts, rest, note, stride, y, yStride);
                Finish(b0, b1, b2, b3, firsts + 8, rest + Half, note, stride, y + 8, yStride);
            }
            panel += behind * Line;
            note += Activations.NoteBytes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* panel, int blocks, byte* x, nint notes, nint stride, float* y, nint yStride, bool first)
    {
        int bytes = 4 * TLines.Lines, behind = PanelLines.Count(TLines.Format<TMinimum>()) - TLines.Groups * TLines.Lines;
        var note = x + notes;
        if (first) new Span<float>(y, Rows).Clear();
        WaitingSums room;
        var firsts = (int*)&room;
        for (; blocks > 0; blocks--, panel += behind * Line, note += Activations.NoteBytes)
            for (var group = 1; group <= TLines.Groups; group++, x += bytes)
            {
                var rest = panel + (TLines.Groups - group + 1) * TLines.Lines * Line;
                Begin(Vector256.Load(panel), Vector256.Load(panel + Half), x, note + Activations.NotePairs + 4 * (group - 1), out var a0, out var b0);
                panel += Line;
                for (nint at = 4; at < bytes; at += 4, panel += Line)
                {
                    var w = Vector256.Create(*(int*)(x + at));
                    a0 = TLines.Add(a0, TLines.Multiply(Vector256.Load(panel), w));
                    b0 = TLines.Add(b0, TLines.Multiply(Vector256.Load(panel + Half), w));
                }
                if (group < TLines.Groups)
                {
                    TLines.First(a0, rest).Store(firsts);
                    TLines.First(b0, rest + Half).Store(firsts + 8);
                    continue;
                }
                TLines.Finish<TMinimum>(Vector256.Load(y), a0, firsts, TLines.Load<TMinimum>(rest), note).Store(y);
                TLines.Finish<TMinimum>(Vector256.Load(y + 8), b0, firsts + 8, TLines.Load<TMinimum>(rest + Half), note).Store(y + 8);
            }
    }

    // The first line of a group by a token, and minus the offset of all lines, where there is one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin(Vector256<byte> u, Vector256<byte> v, byte* x, byte* pairs, out Vector256<int> a, out Vector256<int> b)
    {
        var w = Vector256.Create(*(int*)x);
        (a, b) = (TLines.Multiply(u, w), TLines.Multiply(v, w));
        if (TLines.Offset == 0 || TMinimum.Exists) return;
        var offset = Vector256.Create(*(int*)pairs).AsInt16();
        // A group of the whole block has both pairs.
        if (TLines.Groups == 1) offset += Vector256.Create(*(int*)(pairs + 4)).AsInt16();
        offset *= Vector256.Create((short)-TLines.Offset);
        (a, b) = (TLines.Add(a, offset.AsInt32()), TLines.Add(b, offset.AsInt32()));
    }

    // Adds a block of eight rows by four tokens.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(Vector256<int> sum0, Vector256<int> sum1, Vector256<int> sum2, Vector256<int> sum3, int* firsts, byte* rest, byte* note, nint stride, float* y, nint yStride)
    {
        var lines = TLines.Load<TMinimum>(rest);
        TLines.Finish<TMinimum>(Vector256.Load(y), sum0, firsts, lines, note).Store(y);
        note += stride;
        y += yStride;
        TLines.Finish<TMinimum>(Vector256.Load(y), sum1, firsts + 16, lines, note).Store(y);
        note += stride;
        y += yStride;
        TLines.Finish<TMinimum>(Vector256.Load(y), sum2, firsts + 32, lines, note).Store(y);
        note += stride;
        y += yStride;
        TLines.Finish<TMinimum>(Vector256.Load(y), sum3, firsts + 48, lines, note).Store(y);
    }
}
