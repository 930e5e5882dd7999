namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Cache/Attention.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct AttentionArgs
{
    public KvPartPlace Keys, Values;
    public uint QueryHeads, Rows, Causal, Window;
    public float Scale, SoftCap;
    public uint Chunk;
    public uint FirstPart, Parts;
}
