using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.KvCache;
using Hotplug.Accelerators.Support;
using Hotplug.Metal.Memory;
using Hotplug.Metal.Programs.Launches;

namespace Hotplug.Metal;

/// <summary>What a device of this plugin can run.</summary>
internal sealed class MetalRules(MetalGpu device) : OperationRules
{
    // Kernels count the elements of a value, and those of a row with the bytes of its blocks, in 32 bits.
    private const long MostElements = int.MaxValue;
    private const int LeastParts = 16;
    private const long MostWidth = int.MaxValue / 8;

    protected override string Name => $"metal:{device.Info.Id}";

    protected override int PageTokens => MetalGpu.PageTokens;

    protected override string? Place(GraphValue weight, IBufferType type)
        => type is MetalBufferType own && own.Device == device ? null
            : $"{Name} reads weights in {string.Join(", ", device.BufferTypes.Select(t => t.Name))}; {type.Name} is none of them.";

    protected override string? Matrix(GraphValue weight)
        => !ProductLaunches.Knows(weight.Type) ? $"{Name} has no kernel for {weight.Type} ({weight.Name})."
            : weight.Shape.D0.Constant % weight.Type.BlockLength() != 0 ? $"Rows of {weight.Name} are no whole number of {weight.Type} blocks."
            : weight.Shape.D0.Constant == 0 ? $"Rows of {weight.Name} are empty."
            : null;

    protected override string? Limits(GraphValue value, in StepBounds bounds)
    {
        if (value.Shape.D0.Constant > MostWidth) return $"A row of {value.Name} has {value.Shape.D0.Constant} elements; {Name} takes up to {MostWidth}.";
        var elements = value.Shape.Resolve(bounds).ElementCount;
        return value.IsWeight ? null
            : elements > MostElements ? $"{value.Name} has {elements} elements; {Name} takes up to {MostElements} in a value."
            : elements * sizeof(float) > device.MaxAllocation ? $"{value.Name} has {elements} elements, more than the largest buffer of {device.MaxAllocation} bytes holds."
            : null;
    }

    protected override string? Kernel(Operation operation, in StepBounds bounds) => operation switch
    {
        RouteTopK { Logits.Shape.D0.Constant: > RoutingLaunches.MostExperts } o => $"{o.Logits.Shape.D0} experts are more than the {RoutingLaunches.MostExperts} that {Name} chooses among.",
        // A step over several buffers of KV pages has a part for each.
        Attention o when AttentionLaunches.PartBytes(o) * LeastParts > device.MaxAllocation => $"The largest buffer of {device.MaxAllocation} bytes has no room for {LeastParts} parts of attention over {o.Query.Shape.D1} heads; {Name} needs that many.",
        _ => null,
    };

    protected override string? Cache(in KvLayerSpec layer)
        => !KvPageLayout.IsKvType(layer.KeyType) || !KvPageLayout.IsKvType(layer.ValueType)
            ? $"{Name} keeps KV caches of {string.Join(" and ", device.Info.KvTypes)}, not {layer.KeyType} and {layer.ValueType}." : null;

    protected override string? Heads(long keyWidth, long valueWidth, long headsPerGroup) => AttentionLaunches.WhyNot(keyWidth, valueWidth);
}
