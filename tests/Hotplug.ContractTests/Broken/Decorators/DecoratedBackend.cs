using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.ContractTests.Broken.Decorators;

internal sealed class DecoratedBackend(IBackend inner, Flaw flaw) : IBackend
{
    public BackendInfo Info => inner.Info;

    public IReadOnlyList<IDevice> Devices { get; } = [.. inner.Devices.Select(device => new DecoratedDevice(device, flaw))];

    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        flaw.Stop();
    }
}
