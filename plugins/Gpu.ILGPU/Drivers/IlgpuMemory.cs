using ILGPU;
using ILGPU.Runtime;

namespace Hotplug.Gpu.Drivers;

/// <summary>A buffer of ILGPU.</summary>
internal sealed class IlgpuMemory(MemoryBuffer buffer) : IGpuMemory
{
    public ArrayView<byte> View { get; } = new(buffer, 0, buffer.LengthInBytes);

    public void Dispose() => buffer.Dispose();
}
