using ILGPU;

namespace Hotplug.Gpu.Kernels.Norms;

/// <summary>What a group does with a row that it has just written, in the same launch: quantising it, say. A field of the arguments, so it may hold views.</summary>
internal interface IRowTail
{
    /// <summary>
    /// Called once a row by all lanes of the group together, after a barrier: every lane sees the whole row. It may use barriers and shared memory of its own. It
    /// ends with a barrier if it leaves something in shared memory that its next call overwrites.
    /// </summary>
    /// <param name="values">The row, as wide as it is.</param>
    /// <param name="row">Number of the row.</param>
    void Run(ArrayView<float> values, int row);
}
