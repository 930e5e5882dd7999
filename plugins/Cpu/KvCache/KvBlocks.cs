using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.KvCache;

/// <summary>
/// Elements of a cache in blocks of 32, Q8_0 and Q4_0: a half and signed codes. The scale is the greatest element by the greatest code, rounded to a half;
/// codes are the nearest, ties to even.
/// </summary>
internal static unsafe class KvBlocks
{
    /// <summary>Elements of a block.</summary>
    public const int Length = 32;

    /// <summary>Bytes of the scale, which comes first.</summary>
    public const int ScaleBytes = 2;

    public static bool IsBlockType(TensorType type) => type is TensorType.Q8_0 or TensorType.Q4_0;

    /// <summary>Bytes of codes of a block.</summary>
    public static int CodeBytes(TensorType type) => type == TensorType.Q8_0 ? 32 : 16;

    /// <summary>Quantises a whole number of blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write<T>(TensorType type, float* x, byte* blocks, int count) where T : unmanaged, ILanes<T>
    {
        var codes = stackalloc sbyte[Length];
        for (; count > 0; count -= Length, x += Length, blocks += ScaleBytes + CodeBytes(type))
        {
            T low = T.Load(x), high = T.Load(x + 16);
            var greatest = type == TensorType.Q8_0 ? T.Largest(T.Max(T.Abs(low), T.Abs(high))) / 127 : Greatest(x) / -8;
            FloatRows.ToHalf<T>(&greatest, (ushort*)blocks, 1);
            var scale = Halves.One(blocks);
            if (scale == 0) low = high = T.Zero;
            else (low, high) = (low / T.Fill(scale), high / T.Fill(scale));
            if (type == TensorType.Q8_0)
            {
                var (least, most) = (T.Fill(-127f), T.Fill(127f));
                T.StoreBytes(T.Min(T.Max(low, least), most), (sbyte*)blocks + ScaleBytes);
                T.StoreBytes(T.Min(T.Max(high, least), most), (sbyte*)blocks + ScaleBytes + 16);
            }
            else
            {
                var (least, most) = (T.Fill(-8f), T.Fill(7f));
                T.StoreBytes(T.Min(T.Max(low, least), most), codes);
                T.StoreBytes(T.Min(T.Max(high, least), most), codes + 16);
                for (var i = 0; i < 16; i++) blocks[ScaleBytes + i] = (byte)((codes[i] + 8) | (codes[i + 16] + 8) << 4);
            }
        }
    }

    /// <summary>Reads a whole number of blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read<T>(TensorType type, byte* blocks, float* y, int count) where T : unmanaged, ILanes<T>
    {
        for (; count > 0; count -= Length, y += Length, blocks += ScaleBytes + CodeBytes(type))
        {
            var scale = T.Fill(Halves.One(blocks));
            if (type == TensorType.Q8_0)
            {
                T.Store(T.FromBytes(Vector128.Load((sbyte*)blocks + ScaleBytes)) * scale, y);
                T.Store(T.FromBytes(Vector128.Load((sbyte*)blocks + ScaleBytes + 16)) * scale, y + 16);
            }
            else
            {
                var packed = Vector128.Load(blocks + ScaleBytes);
                T.Store(T.FromBytes(Low(packed)) * scale, y);
                T.Store(T.FromBytes(High(packed)) * scale, y + 16);
            }
        }
    }

    /// <summary>Reads a page's keys, stored as codes <c>[block][byte][cell]</c> and then scales <c>[block][cell]</c>, as <c>[element][cell]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReadKeys<T>(TensorType type, byte* keys, float* y, int width) where T : unmanaged, ILanes<T>
    {
        var bytes = CodeBytes(type);
        var scales = keys + width / Length * bytes * CpuKvLayout.PageTokens;
        for (; width > 0; width -= Length, y += Length * CpuKvLayout.PageTokens, scales += ScaleBytes * CpuKvLayout.PageTokens)
        {
            T s0 = T.LoadHalf((ushort*)scales), s1 = T.LoadHalf((ushort*)scales + 16);
            for (var i = 0; i < bytes; i++, keys += CpuKvLayout.PageTokens)
            {
                var place = y + i * CpuKvLayout.PageTokens;
                if (type == TensorType.Q8_0)
                {
                    T.Store(T.FromBytes(Vector128.Load((sbyte*)keys)) * s0, place);
                    T.Store(T.FromBytes(Vector128.Load((sbyte*)keys + 16)) * s1, place + 16);
                }
                else
                {
                    Vector128<byte> first = Vector128.Load(keys), second = Vector128.Load(keys + 16);
                    T.Store(T.FromBytes(Low(first)) * s0, place);
                    T.Store(T.FromBytes(Low(second)) * s1, place + 16);
                    place += 16 * CpuKvLayout.PageTokens;
                    T.Store(T.FromBytes(High(first)) * s0, place);
                    T.Store(T.FromBytes(High(second)) * s1, place + 16);
                }
            }
        }
    }

    /// <summary>Puts the blocks of one cell among a page's keys.</summary>
    public static void PutKeys(TensorType type, byte* keys, int cell, byte* blocks, int width) => MoveKeys(type, keys, cell, blocks, width, put: true);

    /// <summary>Takes the blocks of one cell from a page's keys.</summary>
    public static void TakeKeys(TensorType type, byte* keys, int cell, byte* blocks, int width) => MoveKeys(type, keys, cell, blocks, width, put: false);

    private static void MoveKeys(TensorType type, byte* keys, int cell, byte* blocks, int width, bool put)
    {
        var bytes = CodeBytes(type);
        var scale = keys + width / Length * bytes * CpuKvLayout.PageTokens + cell * ScaleBytes;
        keys += cell;
        for (; width > 0; width -= Length, blocks += ScaleBytes + bytes, scale += ScaleBytes * CpuKvLayout.PageTokens)
        {
            if (put) *(ushort*)scale = *(ushort*)blocks;
            else *(ushort*)blocks = *(ushort*)scale;
            for (var i = 0; i < bytes; i++, keys += CpuKvLayout.PageTokens)
                if (put) *keys = blocks[ScaleBytes + i];
                else blocks[ScaleBytes + i] = *keys;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Low(Vector128<byte> packed) => (packed & Vector128.Create((byte)15)).AsSByte() - Vector128.Create((sbyte)8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> High(Vector128<byte> packed) => Low((packed.AsUInt16() >> 4).AsByte());

    // The element of greatest size, with its sign; the first of several.
    private static float Greatest(float* x)
    {
        var greatest = 0f;
        for (var i = 0; i < Length; i++)
            if (MathF.Abs(x[i]) > MathF.Abs(greatest)) greatest = x[i];
        return greatest;
    }
}
