namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>Which elements of a head are rotated together.</summary>
public enum RopeStyle
{
    /// <summary>Neighbours: (0, 1), (2, 3), …</summary>
    Adjacent,
    /// <summary>Halves of the rotary width: (0, w/2), (1, w/2 + 1), …</summary>
    Halves,
}
