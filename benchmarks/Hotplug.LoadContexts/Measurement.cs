using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hotplug.Cpu;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.LoadContexts;

/// <summary>One process: opens the plugin in one context, loads the model, runs prompts and tokens, prints figures as JSON.</summary>
internal static class Measurement
{
    private const int FirstPrompt = 16, Repeats = 3;

    public static async Task<int> RunAsync(string[] args)
    {
        var (context, path) = (Enum.Parse<LoadContext>(args[0]), args[1]);
        var (threads, prefill, decode) = (int.Parse(args[2]), int.Parse(args[3]), int.Parse(args[4]));
        var folder = Directory.CreateTempSubdirectory("hotplug-contexts-").FullName;
        try
        {
            Place(folder, context);
            var start = Stopwatch.GetTimestamp();
            await using var catalog = new BackendCatalog(new BackendCatalogOptions
            {
                InstallationDirectory = folder,
                PluginEnvironment = null,
                ShadowCopyDirectory = Path.Combine(folder, "copies"),
                StaticBackends = context == LoadContext.Default ? [StaticBackend.Of<CpuPlugin>()] : [],
                Threads = threads,
            });
            await catalog.GetAsync("cpu");
            var open = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            using var host = new ModelHost(catalog);
            using var model = await host.LoadAsync(ModelSource.Open(path), new ModelOptions { Placement = new() { Backend = "cpu" }, Context = Math.Max(prefill, decode) + 1 });
            var first = Seconds(() => Evaluate(model, FirstPrompt, FirstPrompt)) * 1000;
            var figures = new Figures(open, first, Speed(model, prefill, model.Executor.Largest.Tokens), Speed(model, decode, 1));
            Console.WriteLine(JsonSerializer.Serialize(figures));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    /// <summary>The plugin's folder, declared as the context asks.</summary>
    private static void Place(string folder, LoadContext context)
    {
        if (context == LoadContext.Default) return;
        var plugin = Directory.CreateDirectory(Path.Combine(folder, "plugins", "cpu")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "plugins", "cpu"))) File.Copy(file, Path.Combine(plugin, Path.GetFileName(file)));
        var path = Path.Combine(plugin, "plugin.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!;
        manifest["loadMode"] = context == LoadContext.Pinned ? "pinned" : "unloadable";
        File.WriteAllText(path, manifest.ToJsonString());
    }

    private static double Speed(LanguageModel model, int tokens, int chunk)
    {
        Evaluate(model, tokens, chunk);
        return tokens / Enumerable.Range(0, Repeats).Select(_ => Seconds(() => Evaluate(model, tokens, chunk))).Order().ElementAt(Repeats / 2);
    }

    private static double Seconds(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Evaluate(LanguageModel model, int count, int chunk)
    {
        using var sequence = model.Executor.NewSequence();
        var batch = new StepBatch();
        var random = new Random(1);
        var tokens = new int[count];
        for (var i = 0; i < count; i++) tokens[i] = random.Next(model.Source.Description.VocabularySize);
        for (var at = 0; at < count; at += chunk)
        {
            batch.Clear();
            var length = Math.Min(chunk, count - at);
            batch.Add(sequence, tokens.AsSpan(at, length), at + length == count || chunk == 1 ? 1 : 0);
            model.Executor.Run(batch, CancellationToken.None);
        }
    }
}
