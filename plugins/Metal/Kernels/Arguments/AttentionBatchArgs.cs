namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Cache/AttentionBatch.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct AttentionBatchArgs
{
    public uint QueryHeads, Heads, KeyWidth, ValueWidth, Rows, Causal, Window;
    public float Scale, SoftCap;
}
