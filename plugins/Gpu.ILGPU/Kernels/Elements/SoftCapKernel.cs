using ILGPU;

namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>y = cap · tanh(x / cap): dense values, one element a lane and turn. The output may be the input.</summary>
internal static class SoftCapKernel
{
    /// <summary>Arguments.</summary>
    internal struct Arguments
    {
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<float> Input;
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<float> Output;
        /// <summary>The cap, above 0.</summary>
        public float Cap;
        /// <summary>Elements.</summary>
        public long Count;
    }

    /// <summary>Runs it.</summary>
    internal static void Run(Arguments a)
    {
        var stride = (long)Grid.DimX * Group.DimX;
        for (var i = (long)Grid.IdxX * Group.DimX + Group.IdxX; i < a.Count; i += stride)
            a.Output[i] = a.Cap * Functions.Tanh(a.Input[i] / a.Cap);
    }
}
