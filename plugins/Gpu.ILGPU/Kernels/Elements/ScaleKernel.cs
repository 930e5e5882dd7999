using ILGPU;

namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>y = factor · x: dense values, one element a lane and turn. The output may be the input.</summary>
internal static class ScaleKernel
{
    /// <summary>Arguments.</summary>
    internal struct Arguments
    {
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<float> Input;
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<float> Output;
        /// <summary>The factor.</summary>
        public float Factor;
        /// <summary>Elements.</summary>
        public long Count;
    }

    /// <summary>Runs it.</summary>
    internal static void Run(Arguments a)
    {
        var stride = (long)Grid.DimX * Group.DimX;
        for (var i = (long)Grid.IdxX * Group.DimX + Group.IdxX; i < a.Count; i += stride)
            a.Output[i] = a.Factor * a.Input[i];
    }
}
