using Acme.Plugin_1.Memory;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;

namespace Acme.Plugin_1;

/// <summary>The running backend: its devices, here one.</summary>
internal sealed class AcceleratorBackend : IBackend
{
    public AcceleratorBackend(Heap memory)
    {
        Device = new AcceleratorDevice(memory);
        Devices = [Device];
    }

    public AcceleratorDevice Device { get; }

    public BackendInfo Info { get; } = new() { Id = "plugin-id", Name = "Acme.Plugin-1", Version = "0.1.0" };

    public IReadOnlyList<IDevice> Devices { get; }

    public ValueTask DisposeAsync()
    {
        Device.Memory.Dispose();
        return ValueTask.CompletedTask;
    }
}
