using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;

namespace Hotplug.ContractTests.Tiny;

/// <summary>Lets the scalar reference work on pages where they lie.</summary>
internal sealed class TinyKvCache(TinyKvLayout layout, KvPool pool) : IReferenceKvCache
{
    public KvCacheSpec Spec => layout.Spec;

    public void Read(int layer, KvPart part, int page, int cell, int head, Span<double> vector)
    {
        Span<byte> bytes = stackalloc byte[vector.Length * 4];
        var stored = layout.Vector(pool.Locate(page), layer, part, cell, head);
        stored.CopyTo(bytes);
        bytes[..stored.Length].Reverse();
        var type = Type(layer, part);
        for (var i = 0; i < vector.Length; i++) vector[i] = KvElement.Read(type, bytes[(i * type.BlockBytes())..]);
    }

    public void Write(int layer, KvPart part, int page, int cell, int head, ReadOnlySpan<double> vector)
    {
        var stored = layout.Vector(pool.Locate(page), layer, part, cell, head);
        var type = Type(layer, part);
        for (var i = 0; i < vector.Length; i++) KvElement.Write(type, vector[i], stored[(i * type.BlockBytes())..]);
        stored.Reverse();
    }

    private TensorType Type(int layer, KvPart part) => part == KvPart.Keys ? Spec.Layer(layer).KeyType : Spec.Layer(layer).ValueType;
}
