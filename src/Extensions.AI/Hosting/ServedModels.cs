using Hotplug.Inference.Architectures;
using Hotplug.Inference.Chat;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Models;
using Hotplug.Inference.Sampling;
using Hotplug.Runtime.KvCache;

namespace Hotplug.Extensions.AI.Hosting;

/// <summary>
/// The models that answer, each with one scheduler for all its callers. A model is loaded when it is first asked for, and warmed: it has written a token before it is given out. Thread-safe. Owns the
/// schedulers.
/// </summary>
/// <param name="host">Loads the models.</param>
/// <param name="options">How callers share a model.</param>
public sealed class ServedModels(IModelHost host, GenerationSchedulerOptions? options = null) : IAsyncDisposable
{
    private readonly Dictionary<string, Task<ServedModel>> _served = new(StringComparer.OrdinalIgnoreCase);
    private bool _disposed;

    /// <summary>Names of the configured models.</summary>
    public IReadOnlyCollection<string> Names => host.Names;

    /// <summary>The models that are loaded and answer.</summary>
    public IReadOnlyList<ServedModel> Loaded
    {
        get
        {
            lock (_served) return [.. _served.Values.Where(s => s.IsCompletedSuccessfully).Select(s => s.Result)];
        }
    }

    /// <summary>Gives a model, loading it if it is not there. A load that failed is tried again by the next caller.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Stops waiting, not a load that others wait for as well.</param>
    /// <exception cref="KeyNotFoundException">No model of this name is configured; the message lists those that are.</exception>
    /// <exception cref="ArgumentException">The model makes embeddings.</exception>
    public ValueTask<ServedModel> GetAsync(string name, CancellationToken cancellation = default)
    {
        lock (_served)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_served.TryGetValue(name, out var served) || served.IsFaulted || served.IsCanceled) _served[name] = served = Task.Run(() => ServeAsync(name), CancellationToken.None);
            return served.IsCompletedSuccessfully ? new(served.Result) : new(served.WaitAsync(cancellation));
        }
    }

    /// <summary>Takes no more requests, and waits for the end of those there are.</summary>
    /// <param name="cancellation">Gives them up.</param>
    public Task DrainAsync(CancellationToken cancellation = default) => Task.WhenAll(Loaded.Select(served => served.Scheduler.DrainAsync(cancellation)));

    /// <summary>Gives up all requests. The models stay the host's.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<ServedModel>[] all;
        lock (_served)
        {
            if (_disposed) return;
            _disposed = true;
            all = [.. _served.Values];
        }
        await Task.WhenAll(all).ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        foreach (var served in all)
            if (served.IsCompletedSuccessfully) await served.Result.Scheduler.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<ServedModel> ServeAsync(string name)
    {
        var model = await host.GetAsync(name).ConfigureAwait(false);
        var description = model.Source.Description;
        if (description.Purpose != ModelPurpose.Text) throw new ArgumentException($"The model '{name}' makes embeddings and writes no text (its architecture is '{description.Architecture}'). Ask one that writes.", nameof(name));
        var template = ChatTemplate.Of(model.Source.File.Metadata, model.Tokenizer);
        Warm(model);
        return new(name, model, template, new GenerationScheduler(model, (options ?? new()) with { Name = name }));
    }

    /// <summary>Lets it write a token: pages are touched and code is compiled before the first request, and what cannot write is found out.</summary>
    private static void Warm(LanguageModel model)
    {
        var prompt = model.Tokenizer.Encode("a b", addSpecial: true);
        if (prompt.Length == 0 || prompt.Length >= model.Context) return;
        try
        {
            using var generator = new TextGenerator(model, prompt, new() { MaxTokens = 1, Sampler = new SamplerOptions { Temperature = 0 } });
            while (generator.Next(out _)) { }
        }
        catch (KvCacheFullException)
        {
            // Somebody else uses it already: then it is warm.
        }
    }
}
