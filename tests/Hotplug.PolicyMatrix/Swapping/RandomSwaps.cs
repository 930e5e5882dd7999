using System.Collections.Concurrent;
using System.Runtime.Loader;
using Hotplug.Inference.Deployment;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.PolicyMatrix.Swapping;

/// <summary>
/// Generations write concurrently while their model is put elsewhere at random moments: on another version of the processor's plugin, or on another device and back. Moments are counted
/// in tokens, so that nothing waits for time to pass.
/// </summary>
internal sealed class RandomSwaps(string model, string work, string other, int seed, int swaps, int writers) : IDisposable
{
    private static readonly string[] Prompts = ["Once upon a time", "The little dog", "One day, a girl named Lily", "Tom and his mom went to the", "It was a sunny day and", "The cat", "There was a big red", "Sam had a"];

    // An emulated GPU takes a hundred times as long for a token: it gets short texts, and a block with the output.
    private readonly bool _slow = other.StartsWith("gpu", StringComparison.Ordinal);
    private readonly ConcurrentBag<string> _failures = [];
    private readonly ConcurrentDictionary<string, int> _retired = [];
    private readonly ConcurrentBag<string> _holders = [];
    private readonly ConcurrentBag<(int Prompt, int[] Tokens)> _texts = [];
    private readonly SemaphoreSlim _written = new(0);
    private volatile bool _enough;

    public async Task<SwapReport> RunAsync()
    {
        await using var catalog = new BackendCatalog(new()
        {
            PluginDirectories = [Path.Combine(work, "plugins")], InstallationDirectory = work, PluginEnvironment = null, ShadowCopyDirectory = Path.Combine(work, "cache"), Threads = 1,
        });
        catalog.Transitioned += Note;
        using var host = new ModelHost(catalog);
        var sessions = new Dictionary<string, int>();
        List<ProcessState> early = [], late = [];
        using (var loaded = await host.LoadAsync(ModelSource.Open(model), Options("cpu")))
        {
            var writing = Enumerable.Range(0, writers).Select(i => Task.Factory.StartNew(() => Write(loaded, seed + i), TaskCreationOptions.LongRunning)).ToArray();
            var random = new Random(seed);
            var endings = new List<Task>();
            for (var swap = 0; swap < swaps; swap++)
            {
                for (var tokens = random.Next(2 * writers); tokens > 0; tokens--) await _written.WaitAsync();
                var options = new SwapOptions
                {
                    Policy = random.Next(5) switch { 0 => SwapPolicy.Recompute, 1 => SwapPolicy.NewSessionsOnly, 2 => SwapPolicy.StopAndReload, _ => SwapPolicy.Migrate },
                    ProbationSteps = random.Next(3) * 4,
                };
                try
                {
                    foreach (var fate in await SwapAsync(host, loaded, swap, options, endings)) sessions[fate] = sessions.GetValueOrDefault(fate) + 1;
                }
                catch (SwapRefusedException refused)
                {
                    _failures.Add($"swap {swap} ({options.Policy}): {refused.Message}");
                }
                // The first quarter is for what is made once: compiled code, thread pool, buffers of the collector.
                if (swap >= swaps / 4 && swap < (swaps + 1) / 2) early.Add(ProcessState.Now(host));
                else if (swap >= swaps * 3 / 4) late.Add(ProcessState.Now(host));
            }
            _enough = true;
            await Task.WhenAll(writing);
            loaded.Dispose();
            await Task.WhenAll(endings);
        }
        var end = ProcessState.Now(host);
        return new()
        {
            Swaps = swaps, Sessions = sessions, Requests = _texts.Count, Failures = [.. _failures], Differences = await CompareAsync(host), Retired = _retired.ToDictionary(), Holders = [.. _holders],
            Contexts = AssemblyLoadContext.All.SelectMany(c => c.Assemblies).Where(a => !a.IsDynamic && a.Location.StartsWith(work, StringComparison.Ordinal))
                .GroupBy(a => a.GetName().Name!).ToDictionary(g => g.Key, g => g.Count()),
            Early = ProcessState.Least(early), Late = ProcessState.Least(late), End = end,
        };
    }

    public void Dispose() => _written.Dispose();

    private static ModelOptions Options(string backend) => new()
    {
        Placement = new() { Backend = backend }, Context = 64, BatchTokens = 16, BatchOutputs = 1, Sequences = 12, Failover = new() { Policy = FailoverPolicy.Off },
    };

    private async Task<IEnumerable<string>> SwapAsync(ModelHost host, LanguageModel loaded, int number, SwapOptions options, List<Task> endings)
    {
        // Another version of the same backend, to and fro.
        if (other == "cpu")
        {
            var swap = await host.SwapAsync(new("cpu") { Folder = Path.Combine(work, number % 2 == 0 ? "next" : "plugins", "cpu"), Options = options });
            endings.Add(Ended(swap.Completion));
            return swap.Models.Single().Sessions.Select(s => s.Fate.ToString()).ToList();
        }
        // Another device, to and fro; now and then a fresh generation of it.
        var place = number % 2 == 0 ? other : "cpu";
        var move = await loaded.PlaceAsync(new PlacementOptions { Backend = place, OffloadedLayers = place == "cpu" ? null : number % 4 != 0 ? null : _slow ? 2 : 3 }, options);
        if (number % 6 == 5) endings.Add(Ended((await host.SwapAsync(new(other.Split(':')[0]) { Options = options })).Completion));
        return move.Sessions.Select(s => s.Fate.ToString()).ToList();
    }

    private async Task Ended(Task<BackendSwapOutcome> completion)
    {
        if ((await completion).Failure is { } failure) _failures.Add($"a new generation failed: {failure}");
        foreach (var holder in (await completion).Retired?.Holders ?? []) _holders.Add(holder);
    }

    private void Note(BackendTransition step)
    {
        if (step.To is BackendState.Unloaded or BackendState.Resident or BackendState.Faulted) _retired.AddOrUpdate($"{step.Backend} {step.To}", 1, static (_, count) => count + 1);
    }

    /// <summary>Writes one text after the other until it is enough.</summary>
    private void Write(LanguageModel loaded, int own)
    {
        var random = new Random(own);
        while (!_enough)
        {
            var prompt = random.Next(Prompts.Length);
            try
            {
                using var generator = new TextGenerator(loaded, loaded.Tokenizer.Encode(Prompts[prompt], addSpecial: true),
                    new() { MaxTokens = _slow ? 6 : 24, IgnoreEndOfGeneration = true, Sampler = new() { Temperature = 0 } });
                while (generator.Next(out _)) _written.Release();
                _texts.Add((prompt, generator.Tokens.ToArray()));
            }
            catch (Exception failure)
            {
                _failures.Add($"{Prompts[prompt]}: {failure.GetType().Name}: {failure.Message}");
                _written.Release();
            }
        }
    }

    /// <summary>Compares every text with what the processor would write: to the token where the numbers are the same, otherwise wherever its two best logits are not as good as equal.</summary>
    private async Task<IReadOnlyList<string>> CompareAsync(ModelHost host)
    {
        using var alone = await host.LoadAsync(ModelSource.Open(model), Options("cpu") with { BatchOutputs = 1 });
        var differences = new List<string>();
        foreach (var text in _texts.GroupBy(t => t.Prompt).SelectMany(g => g.DistinctBy(t => string.Join(' ', t.Tokens))))
        {
            var start = alone.Tokenizer.Encode(Prompts[text.Prompt], addSpecial: true).Length;
            using var sequence = alone.Executor.NewSequence();
            var batch = new StepBatch();
            for (var i = 0; i + 1 < text.Tokens.Length; i++)
            {
                batch.Clear();
                batch.Add(sequence, text.Tokens.AsSpan(i, 1), 1);
                alone.Executor.Run(batch);
                if (i + 1 < start) continue;
                var (best, gap) = Best(alone.Executor.Output(0), text.Tokens[i + 1]);
                if (best != text.Tokens[i + 1] && (other == "cpu" || gap > 0.01)) differences.Add($"'{Prompts[text.Prompt]}', token {i + 1 - start}: {text.Tokens[i + 1]} instead of {best}, {gap} apart");
            }
        }
        return differences;
    }

    private static (int Best, float Gap) Best(ReadOnlySpan<float> logits, int chosen)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best]) best = i;
        return (best, logits[best] - logits[chosen]);
    }
}
