namespace Hotplug.Runtime.KvCache;

/// <summary>What may happen to elements on their way from one KV cache to another.</summary>
public enum KvConversion
{
    /// <summary>Nothing: both have the same element types, and every bit arrives.</summary>
    None,
    /// <summary>F32, F16, BF16, Q8_0 and Q4_0 may become each other, rounded to nearest, ties to even. What is computed afterwards may differ from what would have been computed without the move.</summary>
    Floats,
}
