using ILGPU;

namespace Hotplug.Gpu.Drivers;

/// <summary>A block of memory that kernels can see. Disposed on the device's thread.</summary>
internal interface IGpuMemory : IDisposable
{
    /// <summary>All of its bytes.</summary>
    ArrayView<byte> View { get; }
}
