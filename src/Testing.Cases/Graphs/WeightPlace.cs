namespace Hotplug.Testing.Graphs;

/// <summary>How weights get to a device.</summary>
public enum WeightPlace
{
    /// <summary>Written to a buffer whose memory was poisoned before.</summary>
    Written,
    /// <summary>Adopted where they lie, read-only, as in a mapped file; for types that adopt.</summary>
    Adopted,
}
