using ILGPU;

namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>Writes one word everywhere.</summary>
internal static class FillKernel
{
    /// <summary>Arguments.</summary>
    internal struct Arguments
    {
        /// <summary><see cref="Count"/> words.</summary>
        public ArrayView<int> Destination;
        /// <summary>Words.</summary>
        public long Count;
        /// <summary>The word; 0 is zero of every type.</summary>
        public int Word;
    }

    /// <summary>Runs it.</summary>
    internal static void Run(Arguments a)
    {
        var stride = (long)Grid.DimX * Group.DimX;
        for (var i = (long)Grid.IdxX * Group.DimX + Group.IdxX; i < a.Count; i += stride) a.Destination[i] = a.Word;
    }
}
