using Hotplug.Abstractions.Plugins;

namespace Hotplug.Testing.Hosting;

internal sealed class TestPluginMetrics(Action enter) : IPluginMetrics
{
    public void Count(string name, long value) => enter();

    public void Record(string name, double value) => enter();
}
