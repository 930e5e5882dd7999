using Hotplug.Abstractions.KvCache;

namespace Hotplug.Cpu.KvCache;

/// <summary>Where a layer's keys and values lie in a page; offsets and sizes in bytes, the stride of a value row in elements once they are floats.</summary>
internal sealed record CpuKvLayer(KvLayerSpec Spec, long Keys, long KeyHeadBytes, long Values, long ValueHeadBytes, int ValueStride, long ValueRowBytes)
{
    public long KeyOffset(int head) => Keys + head * KeyHeadBytes;
    public long ValueOffset(int head) => Values + head * ValueHeadBytes;
}
