using ILGPU;

namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>Product of two operands, the second repeated over dimensions that it lacks: dense values, one element a lane and turn. The output may be the first operand.</summary>
internal static class MulKernel
{
    /// <summary>Arguments.</summary>
    internal struct Arguments
    {
        /// <summary>First operand, <see cref="Count"/> elements.</summary>
        public ArrayView<float> Left;
        /// <summary>Second operand, as many as <see cref="Repetition"/> reaches.</summary>
        public ArrayView<float> Right;
        /// <summary><see cref="Count"/> elements.</summary>
        public ArrayView<float> Output;
        /// <summary>Which element of the second operand goes with one of the first.</summary>
        public Repetition Repetition;
        /// <summary>Elements.</summary>
        public int Count;
    }

    /// <summary>Runs it.</summary>
    internal static void Run(Arguments a)
    {
        var stride = (long)Grid.DimX * Group.DimX;
        for (var i = (long)Grid.IdxX * Group.DimX + Group.IdxX; i < a.Count; i += stride)
            a.Output[i] = a.Left[i] * a.Right[a.Repetition.Map((int)i)];
    }
}
