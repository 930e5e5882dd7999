using Hotplug.Abstractions.Graphs;

namespace Hotplug.Runtime.Execution;

/// <summary>A model compiled for steps up to a size. Owns its slices.</summary>
internal sealed class CompiledShape(StepBounds bounds, CompiledSlice[] slices, Hotplug.Abstractions.Tensors.TensorRef output) : IDisposable
{
    public StepBounds Bounds => bounds;

    public CompiledSlice[] Slices => slices;

    /// <summary>Where the result lies.</summary>
    public Hotplug.Abstractions.Tensors.TensorRef Output => output;

    /// <summary>True if a step of this size fits.</summary>
    public bool Accepts(in StepBounds extents)
        => extents.Tokens <= bounds.Tokens && extents.OutputRows <= bounds.OutputRows && extents.Sequences <= bounds.Sequences;

    public void Dispose()
    {
        foreach (var slice in slices) slice.Device.Lane.Run(slice.Dispose);
    }
}
