using System.Collections.Concurrent;
using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Loading;

namespace Hotplug.Testing.Fixtures;

/// <summary>
/// Makes the plugin of a drop-in folder, through the checks and the loader of the runtime: as users load it, instead of as a reference of the test project. The
/// folder is loaded once per process.
/// </summary>
public abstract class DropInFixture : BackendFixture
{
    private static readonly ConcurrentDictionary<string, Lazy<PluginContext>> Loaded = new();

    /// <summary>The plugin's folder, absolute or relative to the test assembly, such as <c>plugins/mine</c>.</summary>
    protected abstract string Folder { get; }

    /// <summary>A load of its own instead of the shared one.</summary>
    internal PluginContext? Alone { get; init; }

    /// <inheritdoc/>
    /// <exception cref="PluginRejectedException">The folder is not a plugin that this host loads; says why and what to do.</exception>
    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        var context = Alone ?? Loaded.GetOrAdd(FullPath, folder => new(() => Load(folder))).Value;
        directory = context.Folder;
        return context.CreateInstance();
    }

    /// <summary>Loads the folder once more.</summary>
    internal PluginContext LoadAlone() => Load(FullPath);

    private string FullPath => Path.GetFullPath(Folder, AppContext.BaseDirectory);

    private static PluginContext Load(string folder)
    {
        var inspection = PluginInspector.Inspect(folder);
        return inspection.Rejection is { } rejection ? throw new PluginRejectedException(rejection) : PluginContext.Load(inspection, new ShadowCopyCache(null));
    }
}
