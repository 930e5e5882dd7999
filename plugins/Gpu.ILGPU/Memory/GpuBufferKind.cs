namespace Hotplug.Gpu.Memory;

/// <summary>The ways in which a device has memory.</summary>
internal enum GpuBufferKind
{
    /// <summary>Device memory, weights packed for coalesced reads.</summary>
    Packed,
    /// <summary>Device memory in the standard layout: workspace, inputs and outputs, KV pages.</summary>
    Plain,
    /// <summary>Host memory that the driver has locked in place, to copy from and to at full speed. Kernels do not see it.</summary>
    Staging,
    /// <summary>Host memory that kernels work in: the emulator.</summary>
    Host,
}
