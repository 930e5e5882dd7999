using System.Runtime.CompilerServices;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Kernels;

/// <summary>
/// Quantised activations: per 32 elements signed bytes q, and a note of sixteen bytes: the scale d = max|x| / 127, d·Σq, and Σq of both halves as an int16 pair.
/// One format for all weight types, so that matrices of different types share it. A token has two such rows: a coarse one, and a fine one that holds in the same
/// way what rounding took from the coarse one, with a scale of d / 254. Their products are added: sixteen bits of precision from kernels for eight. One row alone is
/// not enough: a single large element in a block costs its 31 neighbours their precision, and real models have such blocks.
/// </summary>
internal static unsafe class Activations
{
    public const int NoteBytes = 16;
    public const int NoteSum = 4, NoteHalves = 8;

    /// <summary>Rows of a token.</summary>
    public const int Planes = 2;

    // Half a step of the coarse row is 127 steps of the fine one.
    private const float FineSteps = 254f;

    /// <summary>Bytes of a token of <paramref name="width"/> elements: coarse row, fine row.</summary>
    public static nint TokenBytes(long width) => Planes * RowBytes(width);

    /// <summary>Bytes of a row: codes, then notes from <see cref="NotesOffset"/> on.</summary>
    public static nint RowBytes(long width) => NotesOffset(width) + (nint)(width / 32 * NoteBytes + 63) / 64 * 64;

    public static nint NotesOffset(long width) => (nint)(width + 63) / 64 * 64;

    /// <summary>Quantises <paramref name="blocks"/> blocks of 32.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="blocks">Blocks.</param>
    /// <param name="codes">Codes of the coarse row.</param>
    /// <param name="notes">Notes of the coarse row.</param>
    /// <param name="plane">Bytes from the coarse row to the fine one.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize<T>(float* x, int blocks, sbyte* codes, byte* notes, nint plane) where T : unmanaged, ILanes<T>
    {
        for (; blocks > 0; blocks--, x += 32, codes += 32, notes += NoteBytes)
        {
            var low = T.Load(x);
            var high = T.Load(x + 16);
            var largest = T.Largest(T.Max(T.Abs(low), T.Abs(high)));
            // Below, 127 / largest would overflow; what such values add is below what a float sum of ordinary ones can hold.
            var inverse = largest < 1e-36f ? 0f : 127f / largest;
            var scale = largest < 1e-36f ? 0f : largest * (1f / 127f);
            var factor = T.Fill(inverse);
            low *= factor;
            high *= factor;
            Note(notes, scale, T.StoreBytes(low, codes), T.StoreBytes(high, codes + 16));
            var steps = T.Fill(FineSteps);
            Note(notes + plane, scale * (1f / FineSteps), T.StoreBytes((low - T.Round(low)) * steps, codes + plane), T.StoreBytes((high - T.Round(high)) * steps, codes + plane + 16));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Note(byte* note, float scale, int first, int second)
    {
        *(float*)note = scale;
        *(float*)(note + NoteSum) = scale * (first + second);
        *(int*)(note + NoteHalves) = (first & 0xFFFF) | (second << 16);
        *(int*)(note + 12) = 0;
    }
}
