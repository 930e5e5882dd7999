using Hotplug.Abstractions.Plugins;
using Hotplug.Testing.Fixtures;

namespace Hotplug.ContractTests.Broken;

/// <summary>A plugin that something outside holds on to: it cannot be unloaded.</summary>
internal sealed class KeptFixture : DropInFixture
{
    private static readonly List<IBackendPlugin> Kept = [];

    protected override string Folder => "plugins/far";

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        var plugin = base.CreatePlugin(out directory);
        lock (Kept) Kept.Add(plugin);
        return plugin;
    }
}
