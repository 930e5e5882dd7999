namespace Hotplug.Abstractions.KvCache;

/// <summary>Keys or values.</summary>
public enum KvPart
{
    /// <summary>Keys, rotated as they were stored.</summary>
    Keys,
    /// <summary>Values.</summary>
    Values,
}
