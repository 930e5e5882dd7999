using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>Lines of a panel by bytes of a token, in portable 128-bit operations: a lane is a row, and everything is int32.</summary>
internal static unsafe class Dot128
{
    /// <summary>Σ over <paramref name="lines"/> lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Lines(byte* panel, sbyte* x, int lines)
    {
        var mask = Vector128.Create(0xFF);
        var sum = Vector128<int>.Zero;
        for (; lines > 0; lines--, panel += 16, x += 4)
        {
            var codes = Vector128.Load((int*)panel);
            sum += (codes & mask) * Vector128.Create((int)x[0]);
            sum += ((codes >> 8) & mask) * Vector128.Create((int)x[1]);
            sum += ((codes >> 16) & mask) * Vector128.Create((int)x[2]);
            sum += ((codes >> 24) & mask) * Vector128.Create((int)x[3]);
        }
        return sum;
    }
}
