using Hotplug.Metal.Interop.Objects;

namespace Hotplug.Metal.Programs.Launches;

/// <summary>Chooses between two launches of the same operands by the number of columns of a step.</summary>
internal sealed class ByColumns(Func<MetalStep, long> columns, Launch few, Launch many) : Launch(many.Operands)
{
    // Above, reading the weights once per tile is worth decoding them into threadgroup memory.
    private const int Few = 4;

    public override void Encode(MetalStep step, in ComputeEncoder encoder) => (columns(step) <= Few ? few : many).Encode(step, encoder);
}
