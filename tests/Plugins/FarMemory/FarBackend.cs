using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.FarMemory;

/// <summary>The backend with its one device.</summary>
internal sealed class FarBackend(FarSettings settings, IPluginLog log) : IBackend
{
    private readonly FarDevice _device = new(settings);
    private bool _disposed;

    public BackendInfo Info { get; } = new()
    {
        Id = "far",
        Name = "Far memory",
        Version = typeof(FarBackend).Assembly.GetName().Version?.ToString(3) ?? "0",
    };

    public IReadOnlyList<IDevice> Devices => field ??= [_device];

    public ValueTask DisposeAsync()
    {
        if (_disposed) return ValueTask.CompletedTask;
        _disposed = true;
        if (_device.Heap.Blocks is > 0 and var blocks)
            log.Write(PluginLogLevel.Warning, $"{blocks} buffers of far memory were not disposed before the backend.");
        return ValueTask.CompletedTask;
    }
}
