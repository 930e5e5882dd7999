using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Hotplug.PolicyMatrix.Measuring;
using Hotplug.PolicyMatrix.Privileges;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.PolicyMatrix.Steady;

/// <summary>Looks how much of a mapped model is in memory right after the load, when nothing of the file was in the system's cache before.</summary>
internal static class Residency
{
    /// <summary>Bytes mapped; of them resident after the load; and after one token.</summary>
    public static async Task<(long Mapped, long Loaded, long Written)> MeasureAsync(IBackendCatalog catalog, string model)
    {
        Libc.DropFromCache(model);
        using var host = new ModelHost(catalog);
        using var loaded = await host.LoadAsync(ModelSource.Open(model), new() { Placement = new() { Backend = "cpu" }, Context = 64, Memory = new() { Map = Runtime.Memory.Policy.MapPolicy.Require } })
            .ConfigureAwait(false);
        var root = loaded.Executor.Weights.Buffer.Range;
        var (mapped, before) = Look();
        using var generator = new TextGenerator(loaded, loaded.Tokenizer.Encode("Once upon a time", addSpecial: true), new() { MaxTokens = 1 });
        generator.Next(out _);
        return (mapped, before, Look().Resident);

        (long Mapped, long Resident) Look()
        {
            var regions = Region.Read("/proc/self/smaps").Where(region => region.Start >= root.Start && region.End <= root.End && region.Path == model).ToList();
            return (regions.Sum(region => (long)(region.End - region.Start)), regions.Sum(region => region.Resident));
        }
    }
}
