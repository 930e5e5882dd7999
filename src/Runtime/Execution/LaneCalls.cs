using Hotplug.Runtime.Memory;

namespace Hotplug.Runtime.Execution;

/// <summary>Calls of a load, and of its end, on the lanes of the model's devices: between the steps of other models, and given up when they do not come back.</summary>
internal sealed class LaneCalls(DeviceState[] devices) : IDeviceCalls
{
    public void Run(string device, string what, Action call)
    {
        if (Find(device) is { } state) state.Lane.Run(call, what);
        else call();
    }

    public bool IsHung(string device) => Find(device)?.Lane.IsHung ?? false;

    private DeviceState? Find(string device) => Array.Find(devices, d => d.Device.Name == device);
}
