using ILGPU;

namespace Hotplug.Gpu.Kernels.Norms;

/// <summary>Leaves the row as it is.</summary>
internal readonly struct NoTail : IRowTail
{
    /// <inheritdoc/>
    public void Run(ArrayView<float> values, int row) { }
}
