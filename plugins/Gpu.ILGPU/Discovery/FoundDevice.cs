using Hotplug.Gpu.Drivers;

namespace Hotplug.Gpu.Discovery;

/// <summary>An accelerator that can be used, and how to open it.</summary>
/// <param name="Facts">What it is.</param>
/// <param name="Open">Opens it; called on the device's thread.</param>
internal sealed record FoundDevice(DriverFacts Facts, Func<IGpuDriver> Open);
