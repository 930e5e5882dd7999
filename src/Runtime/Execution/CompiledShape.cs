using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Runtime.Execution;

/// <summary>A model compiled for steps up to a size. </summary>
internal sealed class CompiledShape(StepBounds bounds, CompiledSlice[] slices, TensorRef output)
{
    public StepBounds Bounds => bounds;

    public CompiledSlice[] Slices => slices;

    /// <summary>The same slices, as they are run.</summary>
    public SliceRun[] Runs { get; } = SliceRun.Of(slices);

    /// <summary>Where the result lies.</summary>
    public TensorRef Output => output;

    /// <summary>True if a step of this size fits.</summary>
    public bool Accepts(in StepBounds extents)
        => extents.Tokens <= bounds.Tokens && extents.OutputRows <= bounds.OutputRows && extents.Sequences <= bounds.Sequences;
}
