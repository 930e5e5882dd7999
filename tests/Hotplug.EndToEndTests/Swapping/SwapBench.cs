using System.Text.Json.Nodes;
using Hotplug.EndToEndTests.Programs;
using Hotplug.Inference.Deployment;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.EndToEndTests.Swapping;

/// <summary>A host of models over copies of the plugins cpu and far, of which there are further versions to swap to. Everything is in a temporary folder.</summary>
internal sealed class SwapBench : IAsyncDisposable
{
    public const string Prompt = "Once upon a time";
    private readonly Workplace _workplace = new();

    public SwapBench(params (string Key, string Value)[] far) : this(null, far) { }

    public SwapBench(ModelHostOptions? options, params (string Key, string Value)[] far)
    {
        foreach (var plugin in new[] { "cpu", "far" }) Version(plugin, "0.1.0", "plugins");
        Catalog = new(new()
        {
            PluginDirectories = [Plugins], InstallationDirectory = _workplace.Folder, PluginEnvironment = null, ShadowCopyDirectory = Cache, Threads = 1,
            Settings = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["far"] = far.ToDictionary() },
            OpenTimeout = options?.CallTimeout ?? TimeSpan.FromMinutes(2),
            Unload = new() { DrainTimeout = TimeSpan.FromSeconds(20), CancelTimeout = TimeSpan.Zero, DisposeTimeout = options?.CallTimeout ?? TimeSpan.FromSeconds(30) },
        });
        Catalog.Transitioned += step =>
        {
            lock (Generations) Generations.Add(step);
        };
        Host = new(Catalog, options: options);
        Host.Transitioned += step =>
        {
            lock (Steps) Steps.Add(step);
        };
    }

    public BackendCatalog Catalog { get; }

    public ModelHost Host { get; }

    public List<BackendTransition> Generations { get; } = [];

    public List<ModelTransition> Steps { get; } = [];

    public string Plugins => Path.Combine(_workplace.Folder, "plugins");

    public string Cache => Path.Combine(_workplace.Folder, "cache");

    /// <summary>Makes a folder with a plugin as another version: the same code with another manifest, and so another content.</summary>
    public string Version(string plugin, string version, string place)
    {
        if (!Directory.Exists(Path.Combine(_workplace.Folder, place))) _workplace.NewFolder(place);
        var folder = _workplace.CopyFolder(Path.Combine(Repository.Matrix, "plugins", plugin), Path.Combine(place, plugin));
        SetVersion(folder, version);
        return folder;
    }

    public static void SetVersion(string folder, string version)
    {
        var path = Path.Combine(folder, "plugin.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        manifest["version"] = version;
        File.WriteAllText(path, manifest.ToJsonString());
    }

    public Task<LanguageModel> LoadAsync(string backend, Func<ModelOptions, ModelOptions>? change = null)
    {
        var options = new ModelOptions { Placement = new() { Backend = backend }, Context = 96, BatchTokens = 32, Sequences = 4 };
        return Host.LoadAsync(ModelSource.Open(Repository.StoryModel), change?.Invoke(options) ?? options);
    }

    public static TextGenerator Begin(LanguageModel model, int tokens = 40, string prompt = Prompt)
        => new(model, model.Tokenizer.Encode(prompt, addSpecial: true), new() { MaxTokens = tokens, IgnoreEndOfGeneration = true, Sampler = new() { Temperature = 0 } });

    /// <summary>Writes some tokens.</summary>
    public static void Write(TextGenerator generator, int tokens)
    {
        for (var i = 0; i < tokens; i++) generator.Next(out _);
    }

    /// <summary>Writes to the end, and gives all tokens.</summary>
    public static int[] Finish(TextGenerator generator)
    {
        while (generator.Next(out _)) { }
        return generator.Tokens.ToArray();
    }

    /// <summary>What a model on the processor writes when nothing happens to it.</summary>
    public async Task<int[]> ReferenceAsync(int tokens = 40, string prompt = Prompt)
    {
        using var model = await LoadAsync("cpu");
        using var generator = Begin(model, tokens, prompt);
        return Finish(generator);
    }

    public IEnumerable<ModelTransitionKind> Kinds()
    {
        lock (Steps) return [.. Steps.Select(s => s.Kind)];
    }

    public IReadOnlyList<BackendTransition> GenerationSteps()
    {
        lock (Generations) return [.. Generations];
    }

    public static PlacementOptions On(string backend, int? layers = null) => new() { Backend = backend, OffloadedLayers = layers };

    public async ValueTask DisposeAsync()
    {
        Host.Dispose();
        await Catalog.DisposeAsync();
        _workplace.Dispose();
    }
}
