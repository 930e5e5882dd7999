namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Cache/KvShift.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct KvShiftArgs
{
    public KvPartPlace Part;
    public uint Sequences, Pairs, Adjacent;
}
