namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Cache/AttentionMerge.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct AttentionMergeArgs
{
    public uint QueryHeads, Rows, Width, Parts, HasSinks;
}
