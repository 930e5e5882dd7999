using System.Runtime.CompilerServices;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Kernels;

/// <summary>Rotary embedding of one head.</summary>
internal static unsafe class Rotation
{
    /// <summary>Pairs (i, i + pairs).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Halves<T>(float* x, float* y, float* cosines, float* sines, int pairs) where T : unmanaged, ILanes<T>
    {
        var i = 0;
        for (; i <= pairs - 16; i += 16)
        {
            T a = T.Load(x + i), b = T.Load(x + pairs + i), c = T.Load(cosines + i), s = T.Load(sines + i);
            T.Store(a * c - b * s, y + i);
            T.Store(a * s + b * c, y + pairs + i);
        }
        for (; i < pairs; i++)
        {
            float a = x[i], b = x[pairs + i];
            y[i] = a * cosines[i] - b * sines[i];
            y[pairs + i] = a * sines[i] + b * cosines[i];
        }
    }

    /// <summary>Pairs (2i, 2i + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Adjacent(float* x, float* y, float* cosines, float* sines, int pairs)
    {
        for (var i = 0; i < pairs; i++)
        {
            float a = x[2 * i], b = x[2 * i + 1];
            y[2 * i] = a * cosines[i] - b * sines[i];
            y[2 * i + 1] = a * sines[i] + b * cosines[i];
        }
    }
}
