using Hotplug.Inference.Chat;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Models;

namespace Hotplug.Extensions.AI.Hosting;

/// <summary>The models that answer, each with one scheduler for all its callers. A model is loaded when it is first asked for. Thread-safe. Owns the schedulers.</summary>
/// <param name="host">Loads the models.</param>
/// <param name="options">How callers share a model.</param>
public sealed class ServedModels(IModelHost host, GenerationSchedulerOptions? options = null) : IAsyncDisposable
{
    private readonly Dictionary<string, ServedModel> _served = new(StringComparer.OrdinalIgnoreCase);
    private bool _disposed;

    /// <summary>Names of the configured models.</summary>
    public IReadOnlyCollection<string> Names => host.Names;

    /// <summary>The models that are loaded and answer.</summary>
    public IReadOnlyList<ServedModel> Loaded
    {
        get
        {
            lock (_served) return [.. _served.Values];
        }
    }

    /// <summary>Gives a model, loading it if it is not there.</summary>
    /// <exception cref="KeyNotFoundException">No model of this name is configured; the message lists those that are.</exception>
    public async ValueTask<ServedModel> GetAsync(string name, CancellationToken cancellation = default)
    {
        lock (_served)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_served.TryGetValue(name, out var known)) return known;
        }
        var model = await host.GetAsync(name, cancellation).ConfigureAwait(false);
        lock (_served)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_served.TryGetValue(name, out var served))
                _served[name] = served = new(name, model, ChatTemplate.Of(model.Source.File.Metadata, model.Tokenizer), new GenerationScheduler(model, options));
            return served;
        }
    }

    /// <summary>Takes no more requests, and waits for the end of those there are.</summary>
    /// <param name="cancellation">Gives them up.</param>
    public Task DrainAsync(CancellationToken cancellation = default) => Task.WhenAll(Loaded.Select(served => served.Scheduler.DrainAsync(cancellation)));

    /// <summary>Gives up all requests. The models stay the host's.</summary>
    public async ValueTask DisposeAsync()
    {
        ServedModel[] all;
        lock (_served)
        {
            if (_disposed) return;
            _disposed = true;
            all = [.. _served.Values];
        }
        foreach (var served in all) await served.Scheduler.DisposeAsync().ConfigureAwait(false);
    }
}
