using ILGPU;

namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>Integers as floats, to the nearest: dense values, one element a lane and turn.</summary>
internal static class CastToFloatKernel
{
    /// <summary>Arguments.</summary>
    internal struct Arguments
    {
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<int> Input;
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<float> Output;
        /// <summary>Elements.</summary>
        public long Count;
    }

    /// <summary>Runs it.</summary>
    internal static void Run(Arguments a)
    {
        var stride = (long)Grid.DimX * Group.DimX;
        for (var i = (long)Grid.IdxX * Group.DimX + Group.IdxX; i < a.Count; i += stride)
            a.Output[i] = a.Input[i];
    }
}
