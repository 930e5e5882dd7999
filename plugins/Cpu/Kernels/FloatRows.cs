using System.Runtime.CompilerServices;
using Hotplug.Cpu.Kernels.Lanes;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels;

/// <summary>Conversions of rows between float types.</summary>
internal static unsafe class FloatRows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromHalf<T>(ushort* x, float* y, int count) where T : unmanaged, ILanes<T>
    {
        var i = 0;
        for (; i <= count - 16; i += 16) T.Store(T.LoadHalf(x + i), y + i);
        for (; i < count; i++) y[i] = Halves.One((byte*)(x + i));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromBFloat<T>(ushort* x, float* y, int count) where T : unmanaged, ILanes<T>
    {
        var i = 0;
        for (; i <= count - 16; i += 16) T.Store(T.LoadBFloat(x + i), y + i);
        for (; i < count; i++) y[i] = BitConverter.Int32BitsToSingle(x[i] << 16);
    }

    /// <summary>Rounds to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToHalf<T>(float* x, ushort* y, int count) where T : unmanaged, ILanes<T>
    {
        var i = 0;
        for (; i <= count - 16; i += 16) T.StoreHalf(T.Load(x + i), y + i);
        if (i == count) return;
        float* rest = stackalloc float[16];
        var halves = stackalloc ushort[16];
        for (var j = 0; j < 16; j++) rest[j] = i + j < count ? x[i + j] : 0;
        T.StoreHalf(T.Load(rest), halves);
        for (var j = 0; i + j < count; j++) y[i + j] = halves[j];
    }

    /// <summary>Rounds to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToBFloat<T>(float* x, ushort* y, int count) where T : unmanaged, ILanes<T>
    {
        var i = 0;
        for (; i <= count - 16; i += 16) T.StoreBFloat(T.Load(x + i), y + i);
        if (i == count) return;
        float* rest = stackalloc float[16];
        var halves = stackalloc ushort[16];
        for (var j = 0; j < 16; j++) rest[j] = i + j < count ? x[i + j] : 0;
        T.StoreBFloat(T.Load(rest), halves);
        for (var j = 0; i + j < count; j++) y[i + j] = halves[j];
    }
}
