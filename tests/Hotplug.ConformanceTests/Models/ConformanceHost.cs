using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Adapters;
using Hotplug.Inference.Embeddings;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.ConformanceTests.Models;

/// <summary>A catalogue of the plugins beside the tests, and a host over it; once per test class.</summary>
public class ConformanceHost : IAsyncDisposable
{
    private readonly BackendCatalog _catalog;

    /// <summary>Two threads, whatever the machine has: work is shared out, and results do not depend on the machine.</summary>
    public ConformanceHost() : this("cpu", new Dictionary<string, string>()) { }

    /// <summary>With settings for a backend.</summary>
    internal ConformanceHost(string backend, IReadOnlyDictionary<string, string> settings)
    {
        _catalog = new(new()
        {
            PluginEnvironment = null,
            ShadowCopyDirectory = Path.Combine(AppContext.BaseDirectory, "plugin-copies"),
            Settings = new Dictionary<string, IReadOnlyDictionary<string, string>> { [backend] = settings },
            Threads = 2,
        });
        Host = new(_catalog);
    }

    internal ModelHost Host { get; }

    /// <summary>How a backend describes itself.</summary>
    internal async Task<string> VersionAsync(string backend) => (await _catalog.GetAsync(backend)).Current!.Info!.Version;

    /// <summary>The names of a backend's devices, best first.</summary>
    internal async Task<IReadOnlyList<string>> DevicesAsync(string backend)
    {
        using var lease = (await _catalog.GetAsync(backend)).Acquire("conformance tests");
        return [.. lease.Devices.Select(d => DeviceAddress.Of(backend, d.Info.Id).ToString())];
    }

    /// <summary>Takes a backend out of use, with no model left on any, and unloads it.</summary>
    internal async Task<UnloadResult> RetireAsync(string backend)
    {
        Host.Dispose();
        return await (await _catalog.GetAsync(backend)).Current!.RetireAsync();
    }

    /// <summary>Loads a model, and fails if it does not lie where it should.</summary>
    internal async Task<LoadedModel> LoadAsync(string path, string placement, TensorType kvType = TensorType.F32, int context = 256, int outputs = 64, IReadOnlyList<LoraReference>? adapters = null)
    {
        var options = new ModelOptions
        {
            Placement = Placement.Parse(placement), Context = context, BatchTokens = 64, BatchOutputs = outputs, KvType = kvType,
        };
        var model = await Host.LoadAsync(ModelSource.Open(path, adapters ?? []), options);
        try
        {
            Placement.Check(placement, model.Executor.Plan);
            return new(model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Loads an embedding model.</summary>
    internal Task<LanguageModel> LoadEmbedderAsync(string path, string placement)
    {
        var source = ModelSource.Open(path);
        return Host.LoadAsync(source, TextEmbedder.Options(source, new() { Placement = Placement.Parse(placement) }));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Host.Dispose();
        await _catalog.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
