using Hotplug.Cli.Options;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.Cli.Engines;

/// <summary>The runtime behind one command: the catalogue of backends and the host of models. Made without a container, because a command line is judged by how fast it starts.</summary>
internal sealed class Engine : IAsyncDisposable
{
    public Engine(EngineOptions options)
    {
        Catalog = new BackendCatalog(new BackendCatalogOptions
        {
            PluginDirectories = options.PluginDirectories.Select(Path.GetFullPath).ToList(),
            Settings = options.Settings.ToDictionary(s => s.Key, s => (IReadOnlyDictionary<string, string>)s.Value, StringComparer.OrdinalIgnoreCase),
            Threads = options.Threads,
            Pinning = options.Pinning,
        });
        foreach (var id in options.Settings.Keys)
            if (!Catalog.Backends.Any(b => string.Equals(b.Id, id, StringComparison.OrdinalIgnoreCase)))
                throw new UsageException($"--set {id}.… has no effect: there is no backend '{id}'. There are: {string.Join(", ", Catalog.Backends.Select(b => b.Id))}.");
        Host = new ModelHost(Catalog);
    }

    private Task _opening = Task.CompletedTask;

    public BackendCatalog Catalog { get; }

    public ModelHost Host { get; }

    /// <summary>Begins to open the backends that a load with these options will ask for in any case, while the file of the model is read. What fails is told by the load.</summary>
    public void BeginOpening(ModelOptions options)
        => _opening = Task.Run(async () =>
        {
            var named = options.Placement.Backend;
            if (!named.Equals(PlacementOptions.Auto, StringComparison.OrdinalIgnoreCase)) await Catalog.GetDeviceAsync(named);
            // Takes what others refuse.
            await Catalog.GetAsync("cpu");
        }).ContinueWith(static t => t.Exception, TaskScheduler.Default);

    public async ValueTask DisposeAsync()
    {
        await _opening;
        Host.Dispose();
        await Catalog.DisposeAsync();
    }
}
