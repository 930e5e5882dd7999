using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.ContractTests.Tiny;

internal sealed class TinyBackend : IBackend
{
    public TinyBackend(TinyMemory memory, nuint largest)
    {
        Device = new TinyDevice(memory, largest);
        Devices = [Device];
    }

    public TinyDevice Device { get; }

    public BackendInfo Info { get; } = new() { Id = "tiny", Name = "Tiny test backend", Version = "1.0" };

    public IReadOnlyList<IDevice> Devices { get; }

    public ValueTask DisposeAsync()
    {
        Device.Memory.Dispose();
        return ValueTask.CompletedTask;
    }
}
