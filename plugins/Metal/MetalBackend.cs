using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;
using Hotplug.Accelerators.Settings;
using Hotplug.Metal.Drivers;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Objects;

namespace Hotplug.Metal;

/// <summary>The backend with the devices that passed the check. Owns the binding; none of the devices has a queue or a thread before it is used.</summary>
internal sealed class MetalBackend : IBackend
{
    private readonly ObjectiveC _runtime;
    private readonly List<MetalGpu> _devices = [];
    private bool _disposed;

    /// <summary>Looks for devices and checks each.</summary>
    /// <exception cref="UnsupportedException">There is none that can be used. Nothing but <paramref name="runtime"/> is held, which stays the caller's.</exception>
    public MetalBackend(IPluginHost host, DeviceSettings settings, ObjectiveC runtime, TimeProvider time)
    {
        _runtime = runtime;
        var found = MetalDevice.All(runtime);
        var refused = new List<RefusedDevice>();
        try
        {
            // The one that saves power comes last.
            foreach (var device in found.OrderBy(d => d.IsLowPower))
            {
                if (DeviceCheck.WhyNot(runtime, device) is { } reason)
                {
                    refused.Add(new(device.Name, reason));
                    device.Dispose();
                }
                else _devices.Add(new MetalGpu(host, settings, device, _devices.Count, time));
            }
            if (_devices.Count == 0)
                throw new UnsupportedException(refused.Count == 0 ? "Metal finds no graphics processor on this machine." : $"Metal has no graphics processor that can be used: {string.Join("; ", refused)}.");
        }
        catch
        {
            foreach (var device in _devices) device.Dispose();
            foreach (var device in found) device.Dispose();
            throw;
        }
        Info = new BackendInfo
        {
            Id = "metal",
            Name = "Metal",
            Version = $"{typeof(MetalBackend).Assembly.GetName().Version} ({System.Runtime.InteropServices.RuntimeInformation.OSDescription})",
            Refused = refused,
        };
    }

    public BackendInfo Info { get; }

    public IReadOnlyList<IDevice> Devices => _devices;

    public ValueTask DisposeAsync()
    {
        if (_disposed) return ValueTask.CompletedTask;
        _disposed = true;
        foreach (var device in _devices) device.Dispose();
        _runtime.Dispose();
        return ValueTask.CompletedTask;
    }
}
