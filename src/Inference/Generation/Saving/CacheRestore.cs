namespace Hotplug.Inference.Generation.Saving;

/// <summary>What becomes of the saved KV cache when a generation is restored.</summary>
public enum CacheRestore
{
    /// <summary>It is taken over bit by bit; if it does not fit the loaded model, nothing is restored.</summary>
    Exact,
    /// <summary>It is taken over, and its elements may be converted between F32, F16 and BF16.</summary>
    Convert,
    /// <summary>It is left alone, and all tokens are evaluated anew.</summary>
    Recompute,
}
