using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.KvCache;
using Hotplug.Accelerators.Support;
using Hotplug.Gpu.Memory;
using Hotplug.Gpu.Programs.Launches;

namespace Hotplug.Gpu;

/// <summary>What a device of this plugin can run.</summary>
internal sealed class GpuRules(GpuDevice device) : OperationRules
{
    // Kernels count elements of a value in 31 bits, and rows of words in fewer.
    private const long MostElements = int.MaxValue;

    protected override string Name => device.Facts.Id;

    protected override int PageTokens => GpuDevice.PageTokens;

    protected override string? Place(GraphValue weight, IBufferType type)
    {
        if (type is not GpuBufferType own || own.Device != device || own.Kind == GpuBufferKind.Staging)
            return $"{Name} reads weights in {device.Packed.Name}{(device.Adopted is { } host ? $" or {host.Name}" : "")}; {type.Name} is not that.";
        if (weight.Shape.Resolve(default) is { ElementCount: > 0 } && own.AllocationSize(weight.Resolve(default)) > own.MaxLength)
            return $"{weight.Name} takes {own.AllocationSize(weight.Resolve(default))} bytes in {own.Name}, whose largest allocation is {own.MaxLength}.";
        if (own.Kind == GpuBufferKind.Packed) return null;
        if (weight.Type.IsQuantized()) return $"{Name} reads {weight.Type} weights packed, in {device.Packed.Name}; in {type.Name} they lie as in the file.";
        // Kernels see words, and no tensor may end within one.
        return weight.Type.RowBytes(weight.Shape.D0.Constant) % sizeof(int) == 0 || own.Kind == GpuBufferKind.Plain ? null
            : $"Rows of {weight.Name} are no whole number of words, as {type.Name} asks.";
    }

    protected override string? Matrix(GraphValue weight)
        => !ProductLaunches.Knows(weight.Type) ? $"{Name} has no kernel for {weight.Type} ({weight.Name})."
            : weight.Shape.D0.Constant % weight.Type.BlockLength() != 0 ? $"Rows of {weight.Name} are no whole number of {weight.Type} blocks."
            : weight.Shape.D0.Constant == 0 ? $"Rows of {weight.Name} are empty."
            : null;

    protected override string? Limits(GraphValue value, in StepBounds bounds)
    {
        if (value.Shape.D0.Constant > int.MaxValue / 8) return $"A row of {value.Name} has {value.Shape.D0.Constant} elements; {Name} takes up to {int.MaxValue / 8}.";
        var elements = value.Shape.Resolve(bounds).ElementCount;
        return value.IsWeight ? null
            : elements > MostElements ? $"{value.Name} has {elements} elements; {Name} takes up to {MostElements} in a value."
            : elements * sizeof(float) > device.MaxAllocation ? $"{value.Name} has {elements} elements, more than the largest allocation of {device.MaxAllocation} bytes holds."
            : null;
    }

    protected override string? Kernel(Operation operation, in StepBounds bounds)
        => operation is Attention o && AttentionLaunches.ScratchBytes(o, bounds, device.MaxAllocation) is var bytes && bytes > device.MaxAllocation
            ? $"Attention to {o.Query.Name} keeps a state of {bytes} bytes, more than the largest allocation of {device.MaxAllocation} bytes holds." : null;

    protected override string? Cache(in KvLayerSpec layer)
        => !KvPageLayout.IsKvType(layer.KeyType) || !device.Info.KvTypes.Contains(layer.KeyType) || !device.Info.KvTypes.Contains(layer.ValueType)
            ? $"{Name} keeps KV caches of {string.Join(" and ", device.Info.KvTypes)}, not {layer.KeyType} and {layer.ValueType}." : null;

    protected override string? Heads(long keyWidth, long valueWidth, long headsPerGroup) => AttentionLaunches.WhyNot(keyWidth, valueWidth);
}
