using System.Runtime.CompilerServices;
using Hotplug.Cpu.Kernels.Lanes;
using Hotplug.Cpu.Kernels.RowFormats;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>F32, F16, BF16, and types that are multiplied as floats, to <see cref="PanelFormat.F32"/>: four rows of floats, one behind the other.</summary>
internal static unsafe class FloatPanel
{
    public static void FromSingle<T>(byte* a, byte* b, byte* c, byte* d, int k, byte* target, nint lane) where T : unmanaged, ILanes<T>
    {
        var bytes = (long)k * sizeof(float);
        Buffer.MemoryCopy(a, target, bytes, bytes);
        Buffer.MemoryCopy(b, target + bytes, bytes, bytes);
        Buffer.MemoryCopy(c, target + 2 * bytes, bytes, bytes);
        Buffer.MemoryCopy(d, target + 3 * bytes, bytes, bytes);
    }

    public static void FromHalf<T>(byte* a, byte* b, byte* c, byte* d, int k, byte* target, nint lane) where T : unmanaged, ILanes<T>
    {
        var y = (float*)target;
        FloatRows.FromHalf<T>((ushort*)a, y, k);
        FloatRows.FromHalf<T>((ushort*)b, y + k, k);
        FloatRows.FromHalf<T>((ushort*)c, y + 2L * k, k);
        FloatRows.FromHalf<T>((ushort*)d, y + 3L * k, k);
    }

    public static void FromBFloat<T>(byte* a, byte* b, byte* c, byte* d, int k, byte* target, nint lane) where T : unmanaged, ILanes<T>
    {
        var y = (float*)target;
        FloatRows.FromBFloat<T>((ushort*)a, y, k);
        FloatRows.FromBFloat<T>((ushort*)b, y + k, k);
        FloatRows.FromBFloat<T>((ushort*)c, y + 2L * k, k);
        FloatRows.FromBFloat<T>((ushort*)d, y + 3L * k, k);
    }

    public static void FromRows<TFormat>(byte* a, byte* b, byte* c, byte* d, int k, byte* target, nint lane) where TFormat : struct, IRowFormat
    {
        var y = (float*)target;
        TFormat.Read(a, y, k);
        TFormat.Read(b, y + k, k);
        TFormat.Read(c, y + 2L * k, k);
        TFormat.Read(d, y + 3L * k, k);
    }
}
