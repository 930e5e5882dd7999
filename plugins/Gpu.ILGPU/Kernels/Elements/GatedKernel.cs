using ILGPU;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>
/// act(gate) · up, or with a limit L act(min(gate, L)) · (clamp(up, ±L) + 1): dense values, one element a lane and turn. The output may be either operand.
/// </summary>
internal static class GatedKernel
{
    /// <summary>Arguments.</summary>
    internal struct Arguments
    {
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<float> Gate;
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<float> Up;
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<float> Output;
        /// <summary>Elements.</summary>
        public long Count;
        /// <summary>L, or 0 for none.</summary>
        public float Limit;
        /// <summary>The factor of <see cref="SwishAlpha"/>.</summary>
        public float Alpha;
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
        {
            var gate = a.Gate[i];
            var factor = a.Up[i];
            if (a.Limit > 0f)
            {
                // By comparison, so that not-a-number stays what it is.
                gate = gate > a.Limit ? a.Limit : gate;
                factor = (factor > a.Limit ? a.Limit : factor < -a.Limit ? -a.Limit : factor) + 1f;
            }
            a.Output[i] = activation.Apply(gate, a.Alpha) * factor;
        }
    }
}
