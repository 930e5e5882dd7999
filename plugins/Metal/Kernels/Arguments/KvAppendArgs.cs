namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Cache/KvAppend.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct KvAppendArgs
{
    public KvPartPlace Part;
    public uint Rows;
}
