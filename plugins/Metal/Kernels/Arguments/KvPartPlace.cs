namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Where keys or values lie: <c>KvPart</c> of <c>Cache/KvFormats.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct KvPartPlace
{
    public ulong PageBytes, Offset;
    public uint BufferIndex, PagesPerBuffer, PageShift, Heads, Width, StrideHead, StrideCell, StrideElement;
}
