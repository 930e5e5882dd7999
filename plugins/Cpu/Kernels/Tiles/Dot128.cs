using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// Lines of a panel by codes of a token, in portable 128-bit operations: a lane is a row, and everything is int32. On Arm64 with the dot product instructions a line is one SDOT.
/// </summary>
internal static unsafe class Dot128
{
    /// <summary>Σ over <paramref name="lines"/> lines, a multiple of 4. Codes of a panel are below 128 in all formats, so that they may be taken as signed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Lines(byte* panel, byte* codes, int lines)
    {
        var x = (sbyte*)codes;
        if (Dp.IsSupported)
        {
            // Two sums, so that no instruction waits for the one before.
            Vector128<int> even = Vector128<int>.Zero, odd = Vector128<int>.Zero;
            for (; lines > 0; lines -= 4, panel += 64, x += 16)
            {
                var four = Vector128.Load(x);
                even = Dp.DotProductBySelectedQuadruplet(even, Vector128.Load((sbyte*)panel), four, 0);
                odd = Dp.DotProductBySelectedQuadruplet(odd, Vector128.Load((sbyte*)panel + 16), four, 1);
                even = Dp.DotProductBySelectedQuadruplet(even, Vector128.Load((sbyte*)panel + 32), four, 2);
                odd = Dp.DotProductBySelectedQuadruplet(odd, Vector128.Load((sbyte*)panel + 48), four, 3);
            }
            return even + odd;
        }
        var mask = Vector128.Create(0xFF);
        var sum = Vector128<int>.Zero;
        for (; lines > 0; lines--, panel += 16, x += 4)
        {
            var w = Vector128.Load((int*)panel);
            sum += (w & mask) * Vector128.Create((int)x[0]);
            sum += ((w >> 8) & mask) * Vector128.Create((int)x[1]);
            sum += ((w >> 16) & mask) * Vector128.Create((int)x[2]);
            sum += ((w >> 24) & mask) * Vector128.Create((int)x[3]);
        }
        return sum;
    }

    /// <summary>The sum of a block's codes, in fine steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Sum<TBits>(byte* notes) where TBits : struct, IActivationBits
    {
        short* coarse = (short*)(notes + Activations.NoteCoarse), fine = (short*)(notes + Activations.NoteFine);
        return fine[0] + fine[1] + (TBits.HaveCoarse ? Activations.Steps * (coarse[0] + coarse[1]) : 0);
    }
}
