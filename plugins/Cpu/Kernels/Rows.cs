using System.Runtime.CompilerServices;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Kernels;

/// <summary>Parts of a row that are shorter than sixteen elements, through the same vector operations as the rest.</summary>
internal static unsafe class Rows
{
    /// <summary>The first <paramref name="count"/> of sixteen elements, the others <paramref name="rest"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static T Load<T>(float* x, int count, float rest = 0) where T : unmanaged, ILanes<T>
    {
        float* lanes = stackalloc float[16];
        for (var i = 0; i < 16; i++) lanes[i] = i < count ? x[i] : rest;
        return T.Load(lanes);
    }

    /// <summary>Stores the first <paramref name="count"/> of sixteen elements.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Store<T>(T value, float* y, int count) where T : unmanaged, ILanes<T>
    {
        float* lanes = stackalloc float[16];
        T.Store(value, lanes);
        for (var i = 0; i < count; i++) y[i] = lanes[i];
    }
}
