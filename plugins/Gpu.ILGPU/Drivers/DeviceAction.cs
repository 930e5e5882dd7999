using Hotplug.Accelerators.Queues;

namespace Hotplug.Gpu.Drivers;

/// <summary>A command made of a delegate, for what is not done in every step.</summary>
internal sealed class DeviceAction(Action action, bool releases = false) : IDeviceCommand
{
    public bool Releases => releases;

    public void Execute() => action();
}
