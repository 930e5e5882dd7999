using System.Runtime.CompilerServices;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Roofline;

/// <summary>
/// The inner loops of the matrix kernels with nothing around them: a line of weights, four tokens, no scales. benchmarks/Roofline/roofline.c has the same in C. Each
/// reads <see cref="Lines"/> registers of weights and as many repeated fours of bytes per token, all of it in the nearest cache, and writes one register.
/// </summary>
internal static unsafe class Sequences
{
    /// <summary>Registers of weights of a pass: a multiple of eight.</summary>
    public const int Lines = 128;

    /// <summary>Tokens of a pass.</summary>
    public const int Tokens = 4;

    /// <summary>Tokens of a pass of <see cref="Floats{T}"/>: more, since each addition there waits for the one before it.</summary>
    public const int FloatTokens = 5;

    /// <summary>Unsigned by signed bytes, widened to int32 at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Bytes<T>(byte* weights, byte* activations, int passes, byte* sink) where T : unmanaged, IByteLanes<T>
    {
        T ones = T.Words(1), i0 = T.Zero, i1 = T.Zero, i2 = T.Zero, i3 = T.Zero;
        for (; passes > 0; passes--)
        {
            var w = weights;
            var x = activations;
            for (var line = 0; line < Lines; line++)
            {
                var v = T.Load(w);
                i0 = T.AddInts(i0, T.MultiplyWords(T.MultiplyBytes(v, T.Repeat(x)), ones));
                i1 = T.AddInts(i1, T.MultiplyWords(T.MultiplyBytes(v, T.Repeat(x + 4 * Lines)), ones));
                i2 = T.AddInts(i2, T.MultiplyWords(T.MultiplyBytes(v, T.Repeat(x + 8 * Lines)), ones));
                i3 = T.AddInts(i3, T.MultiplyWords(T.MultiplyBytes(v, T.Repeat(x + 12 * Lines)), ones));
                w += sizeof(T);
                x += 4;
            }
        }
        T.Store(T.AddInts(T.AddInts(i0, i1), T.AddInts(i2, i3)), sink);
    }

    /// <summary>Unsigned by signed bytes, eight products summed in int16 before they are widened: 4-bit codes fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Nibbles<T>(byte* weights, byte* activations, int passes, byte* sink) where T : unmanaged, IByteLanes<T>
    {
        T ones = T.Words(1), i0 = T.Zero, i1 = T.Zero, i2 = T.Zero, i3 = T.Zero;
        for (; passes > 0; passes--)
        {
            var w = weights;
            var x = activations;
            for (var eight = 0; eight < Lines / 8; eight++)
            {
                T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, a3 = T.Zero;
                for (var line = 0; line < 8; line++)
                {
                    var v = T.Load(w);
                    a0 = T.AddWords(a0, T.MultiplyBytes(v, T.Repeat(x)));
                    a1 = T.AddWords(a1, T.MultiplyBytes(v, T.Repeat(x + 4 * Lines)));
                    a2 = T.AddWords(a2, T.MultiplyBytes(v, T.Repeat(x + 8 * Lines)));
                    a3 = T.AddWords(a3, T.MultiplyBytes(v, T.Repeat(x + 12 * Lines)));
                    w += sizeof(T);
                    x += 4;
                }
                i0 = T.AddInts(i0, T.MultiplyWords(a0, ones));
                i1 = T.AddInts(i1, T.MultiplyWords(a1, ones));
                i2 = T.AddInts(i2, T.MultiplyWords(a2, ones));
                i3 = T.AddInts(i3, T.MultiplyWords(a3, ones));
            }
        }
        T.Store(T.AddInts(T.AddInts(i0, i1), T.AddInts(i2, i3)), sink);
    }

    /// <summary>int16 by int16: weights and activations widened beforehand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Words<T>(byte* weights, byte* activations, int passes, byte* sink) where T : unmanaged, IByteLanes<T>
    {
        T i0 = T.Zero, i1 = T.Zero, i2 = T.Zero, i3 = T.Zero;
        for (; passes > 0; passes--)
        {
            var w = weights;
            var x = activations;
            for (var line = 0; line < Lines; line++)
            {
                var v = T.Load(w);
                i0 = T.AddInts(i0, T.MultiplyWords(v, T.Repeat(x)));
                i1 = T.AddInts(i1, T.MultiplyWords(v, T.Repeat(x + 4 * Lines)));
                i2 = T.AddInts(i2, T.MultiplyWords(v, T.Repeat(x + 8 * Lines)));
                i3 = T.AddInts(i3, T.MultiplyWords(v, T.Repeat(x + 12 * Lines)));
                w += sizeof(T);
                x += 4;
            }
        }
        T.Store(T.AddInts(T.AddInts(i0, i1), T.AddInts(i2, i3)), sink);
    }

    /// <summary>Floats by floats, fused: <see cref="Lines"/> times sixteen weights, one number per token.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Floats<T>(byte* weights, byte* activations, int passes, byte* sink) where T : unmanaged, ILanes<T>
    {
        T f0 = T.Zero, f1 = T.Zero, f2 = T.Zero, f3 = T.Zero, f4 = T.Zero;
        for (; passes > 0; passes--)
        {
            float* w = (float*)weights, x = (float*)activations;
            for (var line = 0; line < Lines; line++)
            {
                var v = T.Load(w);
                f0 = T.Fma(v, T.Fill(x[0]), f0);
                f1 = T.Fma(v, T.Fill(x[Lines]), f1);
                f2 = T.Fma(v, T.Fill(x[2 * Lines]), f2);
                f3 = T.Fma(v, T.Fill(x[3 * Lines]), f3);
                f4 = T.Fma(v, T.Fill(x[4 * Lines]), f4);
                w += 16;
                x++;
            }
        }
        T.Store(f0 + f1 + f2 + f3 + f4, (float*)sink);
    }

    /// <summary>Reads memory once, a line of the cache at a time. <paramref name="lines"/> counts 64 bytes, a multiple of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read<T>(byte* memory, long lines, byte* sink) where T : unmanaged, ILanes<T>
    {
        T a = T.Zero, b = T.Zero, c = T.Zero, d = T.Zero;
        for (; lines > 0; lines -= 4, memory += 256)
        {
            a += T.Load((float*)memory);
            b += T.Load((float*)(memory + 64));
            c += T.Load((float*)(memory + 128));
            d += T.Load((float*)(memory + 192));
        }
        T.Store(a + b + (c + d), (float*)sink);
    }
}
