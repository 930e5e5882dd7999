namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>How queries look at keys. Query head i uses KV head i / (H / KV heads). The softmax is accumulated in F32 at least.</summary>
public sealed record AttentionParameters
{
    /// <summary>Factor on q·k.</summary>
    public required float Scale { get; init; }

    /// <summary>A query at position p sees keys at positions ≤ p only.</summary>
    public bool Causal { get; init; } = true;

    /// <summary>If not 0, a query at position p sees keys at positions &gt; p − Window only.</summary>
    public int Window { get; init; }

    /// <summary>If not 0, the scaled score t becomes SoftCap · tanh(t / SoftCap).</summary>
    public float SoftCap { get; init; }
}
