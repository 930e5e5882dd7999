using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;
using Hotplug.FarMemory.Faults;

namespace Hotplug.FarMemory;

/// <summary>The backend with its one device.</summary>
internal sealed class FarBackend(FarSettings settings, IPluginLog log) : IBackend
{
    private readonly FarDevice _device = new(settings);
    private bool _disposed;

    private readonly BackendInfo _info = new()
    {
        Id = "far",
        Name = "Far memory",
        Version = typeof(FarBackend).Assembly.GetName().Version?.ToString(3) ?? "0",
    };

    public BackendInfo Info => settings.Faults.At(FarCall.Info) ? null! : _info;

    public IReadOnlyList<IDevice> Devices => settings.Faults.At(FarCall.Devices) ? [null!] : field ??= [_device];

    public ValueTask DisposeAsync()
    {
        if (_disposed) return ValueTask.CompletedTask;
        _disposed = true;
        settings.Faults.At(FarCall.DisposeBackend);
        if (_device.Heap.Blocks is > 0 and var blocks)
            log.Write(PluginLogLevel.Warning, $"{blocks} buffers of far memory were not disposed before the backend.");
        return ValueTask.CompletedTask;
    }
}
