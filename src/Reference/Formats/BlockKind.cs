namespace Hotplug.Reference.Formats;

/// <summary>What kind of numbers random blocks hold.</summary>
public enum BlockKind
{
    /// <summary>Elements of ordinary size, as trained weights have.</summary>
    Ordinary,
    /// <summary>All codes random, scales zero: every element is zero.</summary>
    Zero,
    /// <summary>Scales that are subnormal in their own format.</summary>
    Subnormal,
    /// <summary>The largest scales and codes: for F32 and BF16 up to 2^40, so that sums of many products stay finite.</summary>
    Extreme,
    /// <summary>Each block one of the other kinds.</summary>
    Mixed,
}
