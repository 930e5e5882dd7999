namespace Hotplug.Runtime.KvCache;

/// <summary>The KV cache of a loaded model: pages on every device that runs attention. Owns them.</summary>
internal sealed class PagedKvCache(IReadOnlyList<DevicePages> devices) : IDisposable
{
    public IReadOnlyList<DevicePages> Devices { get; } = devices;

    public KvSequence NewSequence() => new(this);

    public void Dispose()
    {
        foreach (var device in Devices) device.Dispose();
    }
}
