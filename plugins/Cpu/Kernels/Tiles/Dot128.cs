using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>Lines of a panel by codes of a token, in portable 128-bit operations: a lane is a row, and everything is int32.</summary>
internal static unsafe class Dot128
{
    /// <summary>Σ over <paramref name="lines"/> lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Lines(byte* panel, byte* codes, int lines)
    {
        var x = (sbyte*)codes;
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
