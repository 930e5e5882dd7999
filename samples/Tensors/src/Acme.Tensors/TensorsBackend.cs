using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;
using Hotplug.Accelerators.Settings;

namespace Acme.Tensors;

/// <summary>One device, and the threads it works on.</summary>
internal sealed class TensorsBackend(IPluginHost host, DeviceSettings settings, IWorkerGroup workers) : IBackend
{
    public BackendInfo Info { get; } = new() { Id = "tensors", Name = "Tensors", Version = "0.1.0" };

    public IReadOnlyList<IDevice> Devices { get; } = [new TensorsDevice(host, settings, workers)];

    public ValueTask DisposeAsync()
    {
        workers.Dispose();
        return ValueTask.CompletedTask;
    }
}
