using ILGPU;

namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>Floats as integers, cut towards zero: dense values, one element a lane and turn.</summary>
internal static class CastToIntegerKernel
{
    /// <summary>Arguments.</summary>
    internal struct Arguments
    {
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<float> Input;
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<int> Output;
        /// <summary>Elements.</summary>
        public long Count;
    }

    /// <summary>Runs it.</summary>
    internal static void Run(Arguments a)
    {
        var stride = (long)Grid.DimX * Group.DimX;
        for (var i = (long)Grid.IdxX * Group.DimX + Group.IdxX; i < a.Count; i += stride)
            a.Output[i] = Truncate(a.Input[i]);
    }

    // The ends are spelled out, since a device may do as it likes with what does not fit.
    private static int Truncate(float x)
        => x >= 2147483648f ? int.MaxValue : x >= -2147483648f ? (int)x : x < 0f ? int.MinValue : 0;
}
