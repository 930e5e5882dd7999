using Hotplug.Abstractions.KvCache;
using Hotplug.Reference.Execution;

namespace Hotplug.FarMemory.KvCache;

/// <summary>The pages of a pool as the interpreter sees them.</summary>
internal sealed class FarKvCache : IReferenceKvCache
{
    private KvPool? _pool;
    private FarKvLayout? _layout;

    public KvCacheSpec Spec => _layout!.Spec;

    public void Bind(KvPool pool) => (_pool, _layout) = (pool, (FarKvLayout)pool.Layout);

    public void Read(int layer, KvPart part, int page, int cell, int head, Span<double> vector)
    {
        var entry = _layout!.Part(layer, part);
        var memory = _layout.Memory(_pool!.Locate(page));
        for (var i = 0; i < vector.Length; i++) vector[i] = KvElement.Read(entry.Type, memory[entry.Place(head * entry.Width + i, cell)..]);
    }

    public void Write(int layer, KvPart part, int page, int cell, int head, ReadOnlySpan<double> vector)
    {
        var entry = _layout!.Part(layer, part);
        var memory = _layout.Memory(_pool!.Locate(page));
        for (var i = 0; i < vector.Length; i++) KvElement.Write(entry.Type, vector[i], memory[entry.Place(head * entry.Width + i, cell)..]);
    }
}
