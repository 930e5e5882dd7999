using ILGPU;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>An activation function of every element: dense values, one element a lane and turn. The output may be the input.</summary>
internal static class ActivateKernel
{
    /// <summary>Arguments.</summary>
    internal struct Arguments
    {
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<float> Input;
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<float> Output;
        /// <summary>Elements.</summary>
        public long Count;
    }

    /// <summary>The kernel of a function.</summary>
    public static Action<Arguments> Of(Activation function) => function switch
    {
        Activation.Silu => Run<Silu>,
        Activation.GeluTanh => Run<GeluTanh>,
        Activation.GeluErf => Run<GeluErf>,
        Activation.Relu => Run<Relu>,
        Activation.ReluSquared => Run<ReluSquared>,
        Activation.SwishAlpha => Run<SwishAlpha>,
        Activation.Tanh => Run<Tanh>,
        Activation.Sigmoid => Run<Sigmoid>,
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "Not an activation that this plugin has a kernel for."),
    };

    /// <summary>Runs it.</summary>
    internal static void Run<TActivation>(Arguments a) where TActivation : unmanaged, IActivation
    {
        var activation = default(TActivation);
        var stride = (long)Grid.DimX * Group.DimX;
        for (var i = (long)Grid.IdxX * Group.DimX + Group.IdxX; i < a.Count; i += stride)
            a.Output[i] = activation.Apply(a.Input[i], 1f);
    }
}
