using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.MetalDouble;

/// <summary>The backend of the plugin metal under the id of the double.</summary>
internal sealed class DoubleBackend(IBackend backend) : IBackend
{
    public BackendInfo Info { get; } = backend.Info with { Id = "metal-double", Name = "Metal, on a double" };

    public IReadOnlyList<IDevice> Devices => backend.Devices;

    public ValueTask DisposeAsync() => backend.DisposeAsync();
}
