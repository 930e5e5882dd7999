using System.Runtime.CompilerServices;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.Kernels.Lanes;
using Hotplug.Cpu.Kernels.Panels;
using Hotplug.Cpu.Kernels.RowFormats;

namespace Hotplug.Cpu.Kernels;

/// <summary>Rows of any type to floats, equal to the type's formula in single precision to the last bit. Layouts as in the GGUF format.</summary>
internal static unsafe class Dequantize
{
    /// <summary>Writes <paramref name="count"/> floats, a whole number of blocks.</summary>
    public static void Row<T>(TensorType type, byte* x, float* y, int count) where T : unmanaged, ILanes<T>
    {
        switch (type)
        {
            case TensorType.F32: Buffer.MemoryCopy(x, y, (long)count * 4, (long)count * 4); break;
            case TensorType.F16: FloatRows.FromHalf<T>((ushort*)x, y, count); break;
            case TensorType.BF16: FloatRows.FromBFloat<T>((ushort*)x, y, count); break;
            case TensorType.Q4_0: Q4_0(x, y, count); break;
            case TensorType.Q4_1: Q4_1(x, y, count); break;
            case TensorType.Q5_0: Q5_0(x, y, count); break;
            case TensorType.Q5_1: Q5_1(x, y, count); break;
            case TensorType.Q8_0: Q8_0(x, y, count); break;
            case TensorType.Q4_K: Q4_K(x, y, count); break;
            case TensorType.Q5_K: Q5_K(x, y, count); break;
            case TensorType.Q6_K: Q6_K(x, y, count); break;
            case TensorType.Q2_K: Q2_KRow.Read(x, y, count); break;
            case TensorType.Q3_K: Q3_KRow.Read(x, y, count); break;
            case TensorType.IQ4_NL: IQ4_NLRow.Read(x, y, count); break;
            case TensorType.IQ4_XS: IQ4_XSRow.Read(x, y, count); break;
            case TensorType.IQ3_XXS: IQ3_XXSRow.Read(x, y, count); break;
            case TensorType.IQ3_S: IQ3_SRow.Read(x, y, count); break;
            case TensorType.IQ2_XXS: IQ2_XXSRow.Read(x, y, count); break;
            case TensorType.IQ2_XS: IQ2_XSRow.Read(x, y, count); break;
            case TensorType.IQ2_S: IQ2_SRow.Read(x, y, count); break;
            case TensorType.IQ1_S: IQ1_SRow.Read(x, y, count); break;
            case TensorType.IQ1_M: IQ1_MRow.Read(x, y, count); break;
            case TensorType.TQ1_0: TQ1_0Row.Read(x, y, count); break;
            case TensorType.TQ2_0: TQ2_0Row.Read(x, y, count); break;
            case TensorType.MXFP4: MXFP4Row.Read(x, y, count); break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, "Rows of this type cannot be read.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q4_0(byte* x, float* y, int count)
    {
        for (; count > 0; count -= 32, x += 18, y += 32)
        {
            var d = Halves.One(x);
            for (var i = 0; i < 16; i++)
            {
                y[i] = ((x[2 + i] & 15) - 8) * d;
                y[i + 16] = ((x[2 + i] >> 4) - 8) * d;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q4_1(byte* x, float* y, int count)
    {
        for (; count > 0; count -= 32, x += 20, y += 32)
        {
            float d = Halves.One(x), m = Halves.One(x + 2);
            for (var i = 0; i < 16; i++)
            {
                y[i] = (x[4 + i] & 15) * d + m;
                y[i + 16] = (x[4 + i] >> 4) * d + m;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q5_0(byte* x, float* y, int count)
    {
        for (; count > 0; count -= 32, x += 22, y += 32)
        {
            var d = Halves.One(x);
            var high = *(uint*)(x + 2);
            for (var i = 0; i < 16; i++)
            {
                y[i] = (((x[6 + i] & 15) | (int)(high >> i << 4 & 16)) - 16) * d;
                y[i + 16] = (((x[6 + i] >> 4) | (int)(high >> (i + 16) << 4 & 16)) - 16) * d;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q5_1(byte* x, float* y, int count)
    {
        for (; count > 0; count -= 32, x += 24, y += 32)
        {
            float d = Halves.One(x), m = Halves.One(x + 2);
            var high = *(uint*)(x + 4);
            for (var i = 0; i < 16; i++)
            {
                y[i] = ((x[8 + i] & 15) | (int)(high >> i << 4 & 16)) * d + m;
                y[i + 16] = ((x[8 + i] >> 4) | (int)(high >> (i + 16) << 4 & 16)) * d + m;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q8_0(byte* x, float* y, int count)
    {
        for (; count > 0; count -= 32, x += 34, y += 32)
        {
            var d = Halves.One(x);
            for (var i = 0; i < 32; i++) y[i] = (sbyte)x[2 + i] * d;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q4_K(byte* x, float* y, int count)
    {
        for (; count > 0; count -= 256, x += 144)
        {
            float d = Halves.One(x), least = Halves.One(x + 2);
            var scales = KScales.Scales(x + 4, out var minima);
            for (var sub = 0; sub < 8; sub++, y += 32)
            {
                float scale = d * (byte)(scales >> (8 * sub)), minimum = least * (byte)(minima >> (8 * sub));
                var q = x + 16 + 32 * (sub / 2);
                for (var i = 0; i < 32; i++) y[i] = scale * (q[i] >> (4 * (sub & 1)) & 15) - minimum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q5_K(byte* x, float* y, int count)
    {
        for (; count > 0; count -= 256, x += 176)
        {
            float d = Halves.One(x), least = Halves.One(x + 2);
            var scales = KScales.Scales(x + 4, out var minima);
            for (var sub = 0; sub < 8; sub++, y += 32)
            {
                float scale = d * (byte)(scales >> (8 * sub)), minimum = least * (byte)(minima >> (8 * sub));
                var q = x + 48 + 32 * (sub / 2);
                for (var i = 0; i < 32; i++)
                    y[i] = scale * ((q[i] >> (4 * (sub & 1)) & 15) | ((x[16 + i] >> sub & 1) << 4)) - minimum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q6_K(byte* x, float* y, int count)
    {
        for (; count > 0; count -= 256, x += 210)
        {
            var d = Halves.One(x + 208);
            for (var sub = 0; sub < 8; sub++, y += 32)
            {
                byte* low = x + 64 * (sub / 4) + 32 * (sub & 1), high = x + 128 + 32 * (sub / 4);
                int nibble = 4 * ((sub >> 1) & 1), shift = 2 * (sub & 3);
                for (var i = 0; i < 32; i++)
                {
                    var scale = d * (sbyte)x[192 + 2 * sub + i / 16];
                    y[i] = scale * ((low[i] >> nibble & 15 | (high[i] >> shift & 3) << 4) - 32);
                }
            }
        }
    }
}
