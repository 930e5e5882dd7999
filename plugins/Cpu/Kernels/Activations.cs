using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Abstractions.Graphs;
using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Kernels;

/// <summary>
/// Quantised activations: per 32 elements x ≈ d · v with whole v. One format for all weight types, so that matrices of different types share it.
/// <para>Of sixteen bits, v within ±32384 and d = max|x| / 32384, which leaves an error like that of single precision: see the decision record. In one of two forms that hold
/// the same numbers: as bytes, v = 254·c + f with signed bytes c (coarse) and f (fine), both within ±127: the coarse codes of the row, its fine codes, and per block a note
/// with d, d·Σv, and the sums of c and of f over each half as int16 pairs; or as words, v itself, and notes of d, d·Σv and the sums of v over each half as
/// int32. Tiles of instruction sets that multiply words as fast as two bytes take many tokens in this form.</para>
/// <para>Of eight bits, v within ±127 and d = max|x| / 127: the fine codes alone, with the notes of bytes, but for the sums of c; and for tiles of AVX2, which take many tokens, behind the codes
/// the same numbers as words, and in the notes the sums of pairs.</para>
/// </summary>
internal static unsafe class Activations
{
    /// <summary>Fine steps in a coarse one.</summary>
    public const int Steps = 254;
    // Half a coarse step less one above the largest coarse code, which a tie would round up to 128.
    private const int Largest = Steps * 127 + Steps / 2 - 1;
    private const int LargestByte = 127;
    // Up to here making panels costs more than they save.
    private const int FewTokens = 3;

    public const int NoteBytes = 24;
    public const int NoteSum = 4, NoteCoarse = 8, NoteFine = 12;
    /// <summary>Of eight bits and many tokens: per half an int16 pair of the sums of the first two and the last two of every four.</summary>
    public const int NotePairs = 16;
    /// <summary>Of words of sixteen bits: the sums over the first and the second half.</summary>
    public const int NoteFirst = 8, NoteSecond = 12;

    /// <summary>True if the rows of so few tokens are multiplied without panels. A token may have several rows, one for each of its experts.</summary>
    public static bool AreFew(long tokens) => tokens <= FewTokens;

    /// <summary>The same of the rows of a value in a step.</summary>
    public static bool AreFew(Extent rows, in StepBounds extents) => AreFew((rows with { Constant = 1 }).Resolve(extents));

    /// <summary>Bytes of a row of <paramref name="width"/> elements.</summary>
    public static nint RowBytes(long width, ActivationBits bits) => NotesOffset(width, bits) + (nint)(width / 32 * NoteBytes + 63) / 64 * 64;

    /// <summary>Bytes before the fine codes.</summary>
    public static nint FineOffset(long width, ActivationBits bits) => bits == ActivationBits.Sixteen ? Codes(width) : 0;

    /// <summary>Bytes before the words of many tokens.</summary>
    public static nint WordsOffset(long width, ActivationBits bits) => bits == ActivationBits.Sixteen ? 0 : Codes(width);

    /// <summary>Bytes before the notes.</summary>
    public static nint NotesOffset(long width, ActivationBits bits) => (bits == ActivationBits.Sixteen ? 2 : 3) * Codes(width);

    /// <summary>Quantises blocks [<paramref name="first"/>, <paramref name="end"/>) of 32 of a row, of few tokens or many.</summary>
    public static void Quantize<T>(float* x, long width, int first, int end, byte* row, ActivationBits bits, bool few) where T : unmanaged, ILanes<T>
    {
        var words = T.TilesTakeWords && !few;
        if (bits == ActivationBits.Eight) ToEightBits<T>(x, width, first, end, row, words);
        else if (words) ToWords<T>(x, width, first, end, row);
        else ToBytes<T>(x, width, first, end, row);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToEightBits<T>(float* x, long width, int first, int end, byte* row, bool words) where T : unmanaged, ILanes<T>
    {
        var fine = (sbyte*)row + 32 * first;
        var wide = (short*)(row + WordsOffset(width, ActivationBits.Eight)) + 32 * first;
        var note = row + NotesOffset(width, ActivationBits.Eight) + NoteBytes * first;
        x += 32 * first;
        for (; first < end; first++, x += 32, fine += 32, wide += 32, note += NoteBytes)
        {
            T low = T.Load(x), high = T.Load(x + 16);
            var unit = Scale(ref low, ref high, LargestByte);
            int f0 = T.StoreBytes(low, fine), f1 = T.StoreBytes(high, fine + 16);
            if (words)
            {
                T.StoreWords(low, wide);
                T.StoreWords(high, wide + 16);
                *(int*)(note + NotePairs) = PairSums(fine);
                *(int*)(note + NotePairs + 4) = PairSums(fine + 16);
            }
            *(float*)note = unit;
            *(float*)(note + NoteSum) = unit * (f0 + f1);
            *(int*)(note + NoteFine) = (f0 & 0xFFFF) | (f1 << 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToBytes<T>(float* x, long width, int first, int end, byte* row) where T : unmanaged, ILanes<T>
    {
        sbyte* coarse = (sbyte*)row + 32 * first, fine = coarse + FineOffset(width, ActivationBits.Sixteen);
        var note = row + NotesOffset(width, ActivationBits.Sixteen) + NoteBytes * first;
        x += 32 * first;
        for (; first < end; first++, x += 32, coarse += 32, fine += 32, note += NoteBytes)
        {
            T low = T.Load(x), high = T.Load(x + 16);
            var unit = Scale(ref low, ref high, Largest);
            T lowCoarse = T.Round(low * T.Fill(1f / Steps)), highCoarse = T.Round(high * T.Fill(1f / Steps));
            int c0 = T.StoreBytes(lowCoarse, coarse), c1 = T.StoreBytes(highCoarse, coarse + 16);
            int f0 = T.StoreBytes(T.Fma(lowCoarse, T.Fill(-Steps), low), fine), f1 = T.StoreBytes(T.Fma(highCoarse, T.Fill(-Steps), high), fine + 16);
            *(float*)note = unit;
            *(float*)(note + NoteSum) = unit * (Steps * (c0 + c1) + f0 + f1);
            *(int*)(note + NoteCoarse) = (c0 & 0xFFFF) | (c1 << 16);
            *(int*)(note + NoteFine) = (f0 & 0xFFFF) | (f1 << 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToWords<T>(float* x, long width, int first, int end, byte* row) where T : unmanaged, ILanes<T>
    {
        var words = (short*)row + 32 * first;
        var note = row + NotesOffset(width, ActivationBits.Sixteen) + NoteBytes * first;
        x += 32 * first;
        for (; first < end; first++, x += 32, words += 32, note += NoteBytes)
        {
            T low = T.Load(x), high = T.Load(x + 16);
            var unit = Scale(ref low, ref high, Largest);
            int s0 = T.StoreWords(low, words), s1 = T.StoreWords(high, words + 16);
            *(float*)note = unit;
            *(float*)(note + NoteSum) = unit * (s0 + s1);
            *(int*)(note + NoteFirst) = s0;
            *(int*)(note + NoteSecond) = s1;
        }
    }

    // The sums over sixteen bytes of the first two and the last two of every four, as an int16 pair.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PairSums(sbyte* codes)
    {
        var pairs = Ssse3.MultiplyAddAdjacent(Vector128.Create((byte)1), Vector128.Load(codes));
        pairs += Vector128.Shuffle(pairs.AsInt32(), Vector128.Create(2, 3, 0, 1)).AsInt16();
        return (pairs + Vector128.Shuffle(pairs.AsInt32(), Vector128.Create(1, 0, 3, 2)).AsInt16()).AsInt32().ToScalar();
    }

    // Bytes of one code per element.
    private static nint Codes(long width) => (nint)(width + 63) / 64 * 64;

    // To whole numbers within ±limit; returns what one stands for.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Scale<T>(ref T low, ref T high, int limit) where T : unmanaged, ILanes<T>
    {
        var largest = T.Largest(T.Max(T.Abs(low), T.Abs(high)));
        // Below, the factor would overflow; what such values add is below what a float sum of ordinary ones can hold.
        var vanishes = largest < 1e-33f;
        var factor = T.Fill(vanishes ? 0f : limit / largest);
        low = T.Round(low * factor);
        high = T.Round(high * factor);
        return vanishes ? 0f : largest * (1f / limit);
    }
}
