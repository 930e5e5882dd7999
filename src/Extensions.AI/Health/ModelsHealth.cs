using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Extensions.AI.Health;

/// <summary>
/// How the models stand, with reasons that name models, backends and bytes, and nothing that was asked or answered. Degraded is what works otherwise than it was asked for: a fallback runs, memory that
/// was to be locked is not, a generation of a backend stays although it was to go.
/// </summary>
public sealed class ModelsHealth : IDisposable
{
    private readonly IModelHost _host;
    private readonly ModelsLifetime _lifetime;
    private readonly ResidentGenerations? _residents;

    /// <summary>Looks from now on.</summary>
    /// <param name="host">The models.</param>
    /// <param name="lifetime">Loads them.</param>
    /// <param name="catalog">The backends; null where nothing is known of them.</param>
    public ModelsHealth(IModelHost host, ModelsLifetime lifetime, IBackendCatalog? catalog = null)
        => (_host, _lifetime, _residents) = (host, lifetime, catalog is null ? null : new(catalog));

    /// <summary>Whether requests can be answered.</summary>
    public ModelsState State => _lifetime.State;

    /// <summary>Why requests cannot be answered; empty if they can.</summary>
    public IReadOnlyList<string> Problems => State switch
    {
        ModelsState.Loading => ["Models are being loaded."],
        ModelsState.Failed => [.. _lifetime.Failed.Select(name => $"{name} could not be loaded; the log says why.")],
        ModelsState.Draining => ["The program is about to stop, and takes no more requests."],
        _ => [],
    };

    /// <summary>What is otherwise than it was asked for; empty if all is as it should be.</summary>
    public IReadOnlyList<string> Concerns
    {
        get
        {
            var concerns = new List<string>();
            foreach (var model in _host.Models)
                try
                {
                    var deployment = model.Deployment;
                    if (deployment.Problem is not null) concerns.Add($"{model.Name}: {string.Join(" + ", deployment.Backends)} failed, and nothing has taken over.");
                    else if (deployment.IsFallback) concerns.Add($"{model.Name}: {string.Join(" + ", deployment.Backends)} took over from a backend that failed.");
                    if (deployment.Executor.Receipt.NotLocked is > 0 and var bytes) concerns.Add($"{model.Name}: {bytes} bytes that were to be locked in memory are not.");
                }
                catch (ObjectDisposedException)
                {
                    // It was put elsewhere while it was looked at.
                }
            foreach (var step in _residents?.Found ?? []) concerns.Add($"{step.Backend}: generation {step.Generation} stays in memory: {step.Reason}.");
            return concerns;
        }
    }

    /// <summary>Models with a call into a device that has not come back: only another process can help.</summary>
    public IReadOnlyList<string> Hung
    {
        get
        {
            var hung = new List<string>();
            foreach (var model in _host.Models)
                try
                {
                    if (model.Deployment.Executor.IsHung) hung.Add($"{model.Name}: a call into {string.Join(" + ", model.Deployment.Backends)} has not come back.");
                }
                catch (ObjectDisposedException)
                {
                }
            return hung;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _residents?.Dispose();
}
