namespace Hotplug.Inference.Architectures;

/// <summary>Norms of queries and keys before they are rotated.</summary>
internal enum HeadNorm
{
    /// <summary>None.</summary>
    None,
    /// <summary>Each head by itself.</summary>
    PerHead,
    /// <summary>All heads of a token as one row.</summary>
    AllHeads,
}
