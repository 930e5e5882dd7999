using Hotplug.Runtime.KvCache;

namespace Hotplug.Runtime.Execution;

/// <summary>One of the caches of a device, and the sequences of a step as seen by its pages. Owns the pages.</summary>
/// <param name="pages">The pages; null where a device has none.</param>
internal sealed class DeviceCache(DevicePages? pages) : IDisposable
{
    public DevicePages? Pages => pages;

    /// <summary>Window of its layers; 0 if it keeps all cells.</summary>
    public int Window => pages?.Plan.Window ?? 0;

    /// <summary>Number among the caches of the model, or −1.</summary>
    public int Table { get; set; } = -1;

    public DeviceStep Step { get; } = new();

    public void Dispose() => pages?.Dispose();
}
