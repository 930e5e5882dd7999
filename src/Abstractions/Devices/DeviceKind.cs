namespace Hotplug.Abstractions.Devices;

/// <summary>What a device is. Automatic placement prefers them in the order GPU, integrated GPU, accelerator, CPU; others only when named.</summary>
public enum DeviceKind
{
    /// <summary>The processor the host runs on.</summary>
    Cpu,
    /// <summary>A graphics card with memory of its own.</summary>
    Gpu,
    /// <summary>A graphics processor that shares the host's memory.</summary>
    IntegratedGpu,
    /// <summary>Another accelerator.</summary>
    Accelerator,
    /// <summary>A device of another machine.</summary>
    Remote,
    /// <summary>An emulation or test device: used only when named.</summary>
    Emulation,
}
