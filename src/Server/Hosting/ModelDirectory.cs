using System.Collections.Concurrent;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Architectures;
using Hotplug.Inference.Models;
using Hotplug.Server.Http;

namespace Hotplug.Server.Hosting;

/// <summary>Finds the models that requests name. Thread-safe.</summary>
internal sealed class ModelDirectory(IModelHost host, ServedModels served)
{
    private readonly ConcurrentDictionary<string, LanguageModel> _loaded = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of the models.</summary>
    public IReadOnlyCollection<string> Names => host.Names;

    /// <summary>Since when they are offered.</summary>
    public DateTimeOffset Since { get; } = DateTimeOffset.UtcNow;

    /// <summary>The model of a name, if it was loaded already.</summary>
    public LanguageModel? Loaded(string name) => _loaded.GetValueOrDefault(name) ?? served.Loaded.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Model;

    /// <summary>Loads a model, with what is needed to ask it.</summary>
    public async Task LoadAsync(string name, CancellationToken cancellation)
    {
        if ((await GetAsync(name, cancellation).ConfigureAwait(false)).Source.Description.Purpose == ModelPurpose.Text) await served.GetAsync(name, cancellation).ConfigureAwait(false);
    }

    /// <summary>A model of any purpose, with its name.</summary>
    /// <param name="name">As the request names it.</param>
    /// <param name="cancellation">Stops waiting for it.</param>
    /// <exception cref="ApiException">There is none of this name.</exception>
    public async Task<(string Name, LanguageModel Model)> AnyAsync(string? name, CancellationToken cancellation)
    {
        var known = Known(name);
        return (known, await GetAsync(known, cancellation).ConfigureAwait(false));
    }

    /// <summary>A model that writes text.</summary>
    /// <param name="name">As the request names it; may be left out where there is only one.</param>
    /// <param name="cancellation">Stops waiting for it.</param>
    /// <exception cref="ApiException">There is none of this name, or it does not write.</exception>
    public async Task<ServedModel> TextAsync(string? name, CancellationToken cancellation)
    {
        var (known, _) = await FindAsync(name, ModelPurpose.Text, cancellation).ConfigureAwait(false);
        return await served.GetAsync(known, cancellation).ConfigureAwait(false);
    }

    /// <summary>A model that makes embeddings, with its name.</summary>
    /// <param name="name">As the request names it; may be left out where there is only one.</param>
    /// <param name="cancellation">Stops waiting for it.</param>
    /// <exception cref="ApiException">There is none of this name, or it makes none.</exception>
    public Task<(string Name, LanguageModel Model)> EmbeddingAsync(string? name, CancellationToken cancellation) => FindAsync(name, ModelPurpose.Embedding, cancellation);

    private async Task<(string Name, LanguageModel Model)> FindAsync(string? name, ModelPurpose purpose, CancellationToken cancellation)
    {
        var what = purpose == ModelPurpose.Text ? "writes text" : "makes embeddings";
        if (!string.IsNullOrEmpty(name))
        {
            var (known, model) = await AnyAsync(name, cancellation).ConfigureAwait(false);
            return model.Source.Description.Purpose == purpose ? (known, model) : throw new ApiException(400, $"The model '{known}' is none that {what}.", "model", "model_not_supported");
        }

        var fitting = new List<(string Name, LanguageModel Model)>();
        foreach (var each in host.Names)
            if (await GetAsync(each, cancellation).ConfigureAwait(false) is { } model && model.Source.Description.Purpose == purpose) fitting.Add((each, model));
        return fitting switch
        {
            [var only] => only,
            [] => throw new ApiException(404, $"There is no model here that {what}.", "model", "model_not_found"),
            _ => throw new ApiException(400, $"Say which model: {string.Join(", ", fitting.Select(f => f.Name))}.", "model", "model_missing"),
        };
    }

    private string Known(string? name) => host.Names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ApiException(404, $"The model '{name}' does not exist. There are: {string.Join(", ", host.Names)}.", "model", "model_not_found");

    private async Task<LanguageModel> GetAsync(string name, CancellationToken cancellation)
    {
        var model = await host.GetAsync(name, cancellation).ConfigureAwait(false);
        return _loaded[name] = model;
    }
}
