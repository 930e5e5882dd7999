using Hotplug.Abstractions.KvCache;

namespace Hotplug.Runtime.KvCache;

/// <summary>The KV cache of a loaded model: pages on every device that runs attention. Owns them.</summary>
internal sealed class PagedKvCache(IReadOnlyList<DevicePages> devices) : IDisposable
{
    public IReadOnlyList<DevicePages> Devices { get; } = devices;

    /// <summary>The layers of all devices, ascending by number.</summary>
    public IReadOnlyList<KvLayerSpec> Layers { get; } = [.. devices.SelectMany(d => d.Layout.Spec.Layers).OrderBy(l => l.Layer)];

    public KvSequence NewSequence() => new(this);

    public void Dispose()
    {
        foreach (var device in Devices) device.Dispose();
    }
}
