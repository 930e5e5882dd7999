using ILGPU;

namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>Copies words from one place to another that it does not overlap; give views from the first word on.</summary>
internal static class CopyKernel
{
    /// <summary>Arguments.</summary>
    internal struct Arguments
    {
        /// <summary><see cref="Count"/> words.</summary>
        public ArrayView<int> Source;
        /// <summary><see cref="Count"/> words.</summary>
        public ArrayView<int> Destination;
        /// <summary>Words.</summary>
        public long Count;
    }

    /// <summary>Runs it.</summary>
    internal static void Run(Arguments a)
    {
        var stride = (long)Grid.DimX * Group.DimX;
        for (var i = (long)Grid.IdxX * Group.DimX + Group.IdxX; i < a.Count; i += stride) a.Destination[i] = a.Source[i];
    }
}
