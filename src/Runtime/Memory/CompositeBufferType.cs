using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Runtime.Memory;

/// <summary>The type of a composite: the conjunction of what its parts promise. It describes; it makes nothing.</summary>
internal sealed class CompositeBufferType : IBufferType
{
    private readonly IBufferType[] _types;

    public CompositeBufferType(IReadOnlyList<BufferAllocation> parts, bool contiguous, nuint length)
    {
        var facts = parts.Select(part => part.Facts).DistinctBy(f => f.Type, ReferenceEqualityComparer.Instance).ToArray();
        _types = [.. facts.Select(f => f.Type)];
        Name = $"composite({string.Join(", ", facts.Select(f => f.Name))})";
        MaxLength = length;
        BaseAlignment = TensorAlignment = 1;
        var traits = new BufferTraits { HostVisible = contiguous, StandardLayout = true, Adopts = contiguous, Residency = facts.Length == 0 ? Residency.Pageable : Residency.Resident };
        foreach (var f in facts)
        {
            BaseAlignment = nuint.Max(BaseAlignment, f.BaseAlignment);
            TensorAlignment = nuint.Max(TensorAlignment, f.TensorAlignment);
            traits = new BufferTraits
            {
                HostVisible = traits.HostVisible && f.Traits.HostVisible,
                StandardLayout = traits.StandardLayout && f.Traits.StandardLayout,
                Adopts = traits.Adopts && f.Traits.Adopts,
                Residency = Weaker(traits.Residency, f.Traits.Residency),
            };
        }
        Traits = traits;
    }

    public string Name { get; }

    public nuint BaseAlignment { get; }

    public nuint TensorAlignment { get; }

    public nuint MaxLength { get; }

    public BufferTraits Traits { get; }

    // A tensor lies in one part; whichever it is, this is enough.
    public nuint AllocationSize(in TensorSpec tensor)
    {
        var size = (nuint)tensor.ByteLength;
        foreach (var type in _types)
            size = nuint.Max(size, type.AllocationSize(tensor));
        return size;
    }

    public IBuffer Allocate(in BufferRequest request) =>
        throw new UnsupportedException($"{Name} is put together by the host from buffers that exist; ask one of its types for a buffer.");

    private static Residency Weaker(Residency a, Residency b) =>
        a == Residency.Unknown || b == Residency.Unknown ? Residency.Unknown
        : a == Residency.Pageable || b == Residency.Pageable ? Residency.Pageable
        : Residency.Resident;
}
