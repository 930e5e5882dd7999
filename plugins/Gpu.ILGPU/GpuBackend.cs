using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;
using Hotplug.Accelerators.Settings;
using Hotplug.Gpu.Discovery;
using ILGPU;

namespace Hotplug.Gpu;

/// <summary>The backend with the devices that were found. None is open before it is used.</summary>
internal sealed class GpuBackend : IBackend
{
    private readonly GpuDevice[] _devices;

    public GpuBackend(IPluginHost host, DeviceSettings settings, IReadOnlyList<FoundDevice> found, IReadOnlyList<RefusedDevice> refused)
    {
        _devices = [.. found.Select(f => new GpuDevice(host, settings, f))];
        Info = new BackendInfo
        {
            Id = "gpu",
            Name = "GPU (ILGPU)",
            Version = $"{typeof(GpuBackend).Assembly.GetName().Version} (ILGPU {typeof(Context).Assembly.GetName().Version})",
            Refused = refused,
        };
    }

    public BackendInfo Info { get; }

    public IReadOnlyList<IDevice> Devices => _devices;

    public ValueTask DisposeAsync()
    {
        List<Exception>? failures = null;
        foreach (var device in _devices)
            try
            {
                device.Dispose();
            }
            catch (Exception exception)
            {
                // The others go all the same.
                (failures ??= []).Add(exception);
            }
        return failures is null ? ValueTask.CompletedTask : ValueTask.FromException(failures.Count == 1 ? failures[0] : new AggregateException(failures));
    }
}
