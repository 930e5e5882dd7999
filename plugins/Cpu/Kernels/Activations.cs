using System.Runtime.CompilerServices;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Kernels;

/// <summary>
/// Quantised activations: per 32 elements signed bytes q, in a row of their own, and a note of sixteen bytes: the scale d = max|x| / 127, d·Σq, and
/// Σq of both halves as an int16 pair. One format for all weight types, so that matrices of different types share it.
/// </summary>
internal static unsafe class Activations
{
    public const int NoteBytes = 16;
    public const int NoteSum = 4, NoteHalves = 8;

    /// <summary>Bytes of a row of <paramref name="width"/> elements: codes, then notes from <see cref="NotesOffset"/> on.</summary>
    public static nint RowBytes(long width) => NotesOffset(width) + (nint)(width / 32 * NoteBytes + 63) / 64 * 64;

    public static nint NotesOffset(long width) => (nint)(width + 63) / 64 * 64;

    /// <summary>Quantises <paramref name="blocks"/> blocks of 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize<T>(float* x, int blocks, sbyte* codes, byte* notes) where T : unmanaged, ILanes<T>
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
            var first = T.StoreBytes(low * factor, codes);
            var second = T.StoreBytes(high * factor, codes + 16);
            *(float*)notes = scale;
            *(float*)(notes + NoteSum) = scale * (first + second);
            *(int*)(notes + NoteHalves) = (first & 0xFFFF) | (second << 16);
            *(int*)(notes + 12) = 0;
        }
    }
}
