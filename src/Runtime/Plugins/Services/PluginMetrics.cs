using Hotplug.Abstractions.Plugins;

namespace Hotplug.Runtime.Plugins.Services;

/// <summary>Passes a plugin's measurements to the host's instruments, tagged with its id.</summary>
internal sealed class PluginMetrics(string id) : IPluginMetrics
{
    private readonly KeyValuePair<string, object?> _tag = new(RuntimeMeter.BackendTag, id);

    public void Count(string name, long value) => RuntimeMeter.PluginCounter(name)?.Add(value, _tag);

    public void Record(string name, double value) => RuntimeMeter.PluginHistogram(name)?.Record(value, _tag);
}
