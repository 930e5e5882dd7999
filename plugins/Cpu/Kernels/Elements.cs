using System.Runtime.CompilerServices;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Kernels;

/// <summary>An element-wise function of two operands; the second is ignored by functions of one.</summary>
internal interface IElementFunction
{
    static abstract T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T>;
}

/// <summary>Element-wise loops. Rests shorter than sixteen go through the same vector operations, so a result does not depend on where it lies.</summary>
internal static unsafe class Elements
{
    /// <summary>y_i = f(a_i, b_i).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<T, TFunction>(float* a, float* b, float* y, long count, float p, float q)
        where T : unmanaged, ILanes<T> where TFunction : struct, IElementFunction
    {
        long i = 0;
        for (; i <= count - 16; i += 16) T.Store(TFunction.Apply(T.Load(a + i), T.Load(b + i), p, q), y + i);
        if (i == count) return;
        var rest = (int)(count - i);
        Rows.Store(TFunction.Apply(Rows.Load<T>(a + i, rest), Rows.Load<T>(b + i, rest), p, q), y + i, rest);
    }

    internal readonly struct Sum : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T> => a + b;
    }

    internal readonly struct Product : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T> => a * b;
    }

    internal readonly struct Scaled : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T> => a * T.Fill(p);
    }

    internal readonly struct Capped : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T> => T.Fill(p) * Functions.Tanh(a / T.Fill(p));
    }

    internal readonly struct Silu : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T> => a / (T.Fill(1f) + Functions.Exp(T.Zero - a));
    }

    internal readonly struct GeluTanh : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T>
        {
            var inner = T.Fill(0.7978845608f) * T.Fma(T.Fill(0.044715f) * a * a, a, a);
            // ½(1 + tanh u) = σ(2u) keeps its accuracy where the tanh is near −1.
            return a / (T.Fill(1f) + Functions.Exp(T.Zero - (inner + inner)));
        }
    }

    internal readonly struct GeluErf : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T>
            => T.Fill(0.5f) * a * (T.Fill(1f) + Functions.Erf(a * T.Fill(0.70710678118f)));
    }

    internal readonly struct Relu : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T> => T.Max(a, T.Zero);
    }

    internal readonly struct ReluSquared : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T>
        {
            var r = T.Max(a, T.Zero);
            return r * r;
        }
    }

    internal readonly struct SwishAlpha : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T> => a / (T.Fill(1f) + Functions.Exp(T.Zero - T.Fill(p) * a));
    }

    internal readonly struct HyperbolicTangent : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T> => Functions.Tanh(a);
    }

    internal readonly struct Sigmoid : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T> => Functions.Sigmoid(a);
    }

    /// <summary>act(a) · b, or with a limit q above 0 act(min(a, q)) · (clamp(b, ±q) + 1).</summary>
    internal readonly struct Gate<TActivation> : IElementFunction where TActivation : struct, IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T a, T b, float p, float q) where T : unmanaged, ILanes<T>
        {
            if (q <= 0) return TActivation.Apply(a, a, p, q) * b;
            var limit = T.Fill(q);
            var g = T.Min(a, limit);
            return TActivation.Apply(g, g, p, q) * (T.Max(T.Min(b, limit), T.Zero - limit) + T.Fill(1f));
        }
    }

    /// <summary>The loop of an activation.</summary>
    public static delegate*<float*, float*, float*, long, float, float, void> Activation<T>(Activation function) where T : unmanaged, ILanes<T> => function switch
    {
        Abstractions.Graphs.Operations.Activation.Silu => &Map<T, Silu>,
        Abstractions.Graphs.Operations.Activation.GeluTanh => &Map<T, GeluTanh>,
        Abstractions.Graphs.Operations.Activation.GeluErf => &Map<T, GeluErf>,
        Abstractions.Graphs.Operations.Activation.Relu => &Map<T, Relu>,
        Abstractions.Graphs.Operations.Activation.ReluSquared => &Map<T, ReluSquared>,
        Abstractions.Graphs.Operations.Activation.SwishAlpha => &Map<T, SwishAlpha>,
        Abstractions.Graphs.Operations.Activation.Tanh => &Map<T, HyperbolicTangent>,
        Abstractions.Graphs.Operations.Activation.Sigmoid => &Map<T, Sigmoid>,
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "Not an activation."),
    };

    /// <summary>The loop of a gated activation.</summary>
    public static delegate*<float*, float*, float*, long, float, float, void> Gated<T>(Activation function) where T : unmanaged, ILanes<T> => function switch
    {
        Abstractions.Graphs.Operations.Activation.Silu => &Map<T, Gate<Silu>>,
        Abstractions.Graphs.Operations.Activation.GeluTanh => &Map<T, Gate<GeluTanh>>,
        Abstractions.Graphs.Operations.Activation.GeluErf => &Map<T, Gate<GeluErf>>,
        Abstractions.Graphs.Operations.Activation.Relu => &Map<T, Gate<Relu>>,
        Abstractions.Graphs.Operations.Activation.ReluSquared => &Map<T, Gate<ReluSquared>>,
        Abstractions.Graphs.Operations.Activation.SwishAlpha => &Map<T, Gate<SwishAlpha>>,
        Abstractions.Graphs.Operations.Activation.Tanh => &Map<T, Gate<HyperbolicTangent>>,
        Abstractions.Graphs.Operations.Activation.Sigmoid => &Map<T, Gate<Sigmoid>>,
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "Not an activation."),
    };
}
