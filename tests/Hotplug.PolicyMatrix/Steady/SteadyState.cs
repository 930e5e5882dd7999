using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.PolicyMatrix.Steady;

/// <summary>Counts the managed bytes that tokens allocate once a model is warm. In a process of its own: the count is the process's.</summary>
internal static class SteadyState
{
    private const int Steps = 64, Windows = 8;

    /// <summary>Bytes allocated in each of several windows of 64 steps: first by the executor alone, then by a generator, sampling included.</summary>
    public static async Task<(long[] Executor, long[] Generator)> MeasureAsync(IBackendCatalog catalog, string model)
    {
        using var host = new ModelHost(catalog);
        using var loaded = await host.LoadAsync(ModelSource.Open(model), new() { Placement = new() { Backend = "cpu" }, Context = 1024 }).ConfigureAwait(false);
        return (Executor(loaded), Generator(loaded));
    }

    private static long[] Executor(LanguageModel loaded)
    {
        using var sequence = loaded.Executor.NewSequence();
        var batch = new StepBatch();
        var window = new long[Windows];
        // The first window is the warm-up.
        for (var i = -1; i < Windows; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var step = 0; step < Steps; step++)
            {
                batch.Clear();
                batch.Add(sequence, [(i + 2) * Steps + step], 1);
                loaded.Executor.Run(batch);
            }
            if (i >= 0) window[i] = GC.GetTotalAllocatedBytes(precise: true) - before;
        }
        return window;
    }

    private static long[] Generator(LanguageModel loaded)
    {
        using var generator = new TextGenerator(loaded, loaded.Tokenizer.Encode("Once upon a time", addSpecial: true),
            new() { MaxTokens = (Windows + 2) * Steps, IgnoreEndOfGeneration = true, Sampler = new() { Seed = 7 } });
        var window = new long[Windows];
        for (var i = -1; i < Windows; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var step = 0; step < Steps; step++) generator.Next(out _);
            if (i >= 0) window[i] = GC.GetTotalAllocatedBytes(precise: true) - before;
        }
        return window;
    }
}
