using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Runtime.Placement;

/// <summary>
/// Where the values that enter or leave slices lie on one device: packed side by side into blocks no larger than the device allocates. One whose last reader has run
/// leaves its place to a later one. Immutable.
/// </summary>
public sealed class ExchangePlan
{
    private readonly Dictionary<GraphValue, (int Block, nuint Offset, TensorSpec Spec)> _places;

    private ExchangePlan(IBufferType type, Dictionary<GraphValue, (int, nuint, TensorSpec)> places, IReadOnlyList<nuint> blocks)
        => (BufferType, _places, Blocks) = (type, places, blocks);

    /// <summary>The type of the blocks.</summary>
    public IBufferType BufferType { get; }

    /// <summary>Bytes of each block.</summary>
    public IReadOnlyList<nuint> Blocks { get; }

    /// <summary>Block, offset and shape of a value.</summary>
    public (int Block, nuint Offset, TensorSpec Spec) this[GraphValue value] => _places[value];

    /// <summary>True if the value has a place here.</summary>
    public bool Contains(GraphValue value) => _places.ContainsKey(value);

    /// <summary>The values that have a place here.</summary>
    public IEnumerable<GraphValue> Values => _places.Keys;

    /// <summary>Packs values.</summary>
    /// <param name="type">The buffer type.</param>
    /// <param name="values">The values; those of zero bytes get a place too.</param>
    /// <param name="lifeOf">The first and the last slice that a value is written or read by; values come in the order of the first.</param>
    /// <param name="bounds">Bounds of the symbols.</param>
    /// <param name="largest">Largest block.</param>
    /// <param name="tooLarge">The value that is larger than a block can be, on failure.</param>
    /// <returns>The plan, or null if a value does not fit a block.</returns>
    public static ExchangePlan? Pack(IBufferType type, IEnumerable<GraphValue> values, Func<GraphValue, (int First, int Last)> lifeOf, in StepBounds bounds, nuint largest, out TensorSpec tooLarge)
    {
        tooLarge = default;
        var places = new Dictionary<GraphValue, (int, nuint, TensorSpec)>(ReferenceEqualityComparer.Instance);
        var blocks = new List<nuint>();
        var slots = new List<(int Block, nuint Offset, nuint Bytes, int Last)>();
        foreach (var value in values)
        {
            if (places.ContainsKey(value)) continue;
            var spec = value.Resolve(bounds);
            var bytes = type.AllocationSize(spec);
            if (bytes > largest)
            {
                tooLarge = spec;
                return null;
            }
            var (first, last) = lifeOf(value);
            // The tightest place that nobody reads any more; what the slice itself reads is still in use while it writes.
            var slot = -1;
            for (var i = 0; i < slots.Count; i++)
                if (slots[i].Last < first && slots[i].Bytes >= bytes && (slot < 0 || slots[i].Bytes < slots[slot].Bytes)) slot = i;
            if (slot >= 0)
            {
                slots[slot] = slots[slot] with { Last = last };
                places[value] = (slots[slot].Block, slots[slot].Offset, spec);
                continue;
            }
            var offset = blocks.Count == 0 ? 0 : AlignUp(blocks[^1], type.TensorAlignment);
            if (blocks.Count == 0 || offset > largest - bytes)
            {
                blocks.Add(0);
                offset = 0;
            }
            blocks[^1] = offset + bytes;
            places[value] = (blocks.Count - 1, offset, spec);
            slots.Add((blocks.Count - 1, offset, bytes, last));
        }
        return new(type, places, blocks);
    }

    private static nuint AlignUp(nuint value, nuint alignment) => (value + alignment - 1) & ~(alignment - 1);
}
