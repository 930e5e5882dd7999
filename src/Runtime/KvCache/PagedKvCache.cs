using Hotplug.Abstractions.KvCache;

namespace Hotplug.Runtime.KvCache;

/// <summary>The KV cache of a loaded model: pages on every device that runs attention, apart for layers that keep their window only. Owns them.</summary>
internal sealed class PagedKvCache(IReadOnlyList<DevicePages> devices) : IDisposable
{
    public IReadOnlyList<DevicePages> Devices { get; } = devices;

    /// <summary>The layers of all devices, ascending by number.</summary>
    public IReadOnlyList<KvLayerSpec> Layers { get; } = [.. devices.SelectMany(d => d.Layout.Spec.Layers).OrderBy(l => l.Layer)];

    /// <summary>Tokens that a layer looks back on; 0 for all.</summary>
    public int WindowOf(int layer)
    {
        foreach (var device in Devices)
            if (device.Plan.Windows.TryGetValue(layer, out var window)) return window;
        return 0;
    }

    public KvSequence NewSequence() => new(this);

    /// <summary>Why further sequences of these lengths have no room beside those that are there, or null if they have.</summary>
    public string? WhyNoRoom(IReadOnlyCollection<int> lengths)
    {
        foreach (var device in Devices)
        {
            var pages = lengths.Sum(length => Math.Min(device.Plan.PagesPerSequence, ((long)length + device.PageTokens - 1) / device.PageTokens));
            var free = device.FreePages;
            if (pages > free) return $"the KV cache on {device.Plan.Device.Name} has {free} free pages of {device.PageTokens} tokens, and {pages} are needed";
        }
        return null;
    }

    public void Dispose()
    {
        foreach (var device in Devices) device.Dispose();
    }
}
