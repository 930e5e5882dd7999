namespace Hotplug.Inference.Grammars;

/// <summary>What makes a state: its places in order, and whether it is an end.</summary>
internal readonly struct PlaceSet(ulong[] places, bool accepts) : IEquatable<PlaceSet>
{
    private readonly ulong[] _places = places;
    private readonly bool _accepts = accepts;

    public bool Equals(PlaceSet other) => _accepts == other._accepts && _places.AsSpan().SequenceEqual(other._places);

    public override bool Equals(object? other) => other is PlaceSet set && Equals(set);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(_accepts);
        foreach (var place in _places) hash.Add(place);
        return hash.ToHashCode();
    }
}
