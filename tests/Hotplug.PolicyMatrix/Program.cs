using System.Globalization;
using System.Text;
using System.Text.Json;
using Hotplug.PolicyMatrix;
using Hotplug.PolicyMatrix.Cells;
using Hotplug.PolicyMatrix.Measuring;
using Hotplug.PolicyMatrix.Privileges;
using Hotplug.PolicyMatrix.Steady;
using Hotplug.PolicyMatrix.Swapping;
using Hotplug.Runtime.Plugins.Catalog;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.OutputEncoding = new UTF8Encoding(false);
switch (args)
{
    // One line of JSON for each cell of the level, and one for the end of each Mac, on stdout. 77: the level cannot be had here, stderr says why.
    case ["cells", var level, var model, var cache]:
        if (Limit.Take(level, cache) is { } reason)
        {
            Console.Error.WriteLine(reason);
            return Limit.Unavailable;
        }
        await using (var catalog = Catalog(cache, threads: 1))
        {
            var runner = new CellRunner(catalog, model);
            foreach (var cell in Cell.Of(level).Concat(Cell.TooSmall(level))) Say(ResultJson.Write(await runner.RunAsync(cell)));
        }
        foreach (var mac in Mac.All)
            await using (var catalog = Catalog(cache, threads: 1, mac.ToSettings(kernels: false)))
            {
                var runner = new CellRunner(catalog, model, writes: false, after: () => DoubleAccount.ReadAsync(catalog));
                foreach (var cell in Cell.Of(level, mac.Name).Concat(Cell.TooSmall(level, mac.Name))) Say(ResultJson.Write(await runner.RunAsync(cell)));
                Say(ResultJson.Write(await DoubleAccount.EndAsync(catalog, mac.Name)));
            }
        return 0;

    // The same for one cell, under the limit that there is.
    case ["cell", var map, var @lock, var placement, var largest, var model, var cache]:
        await using (var catalog = Catalog(cache, threads: 1))
            Console.Out.WriteLine(ResultJson.Write(await new CellRunner(catalog, model).RunAsync(new(map, @lock, placement, "as it is", largest))));
        return 0;

    // The same on a Mac whose kernels compute.
    case ["cell", var map, var @lock, var placement, var largest, var name, var model, var cache]:
        await using (var catalog = Catalog(cache, threads: 1, Mac.Of(name).ToSettings(kernels: true)))
        {
            Say(ResultJson.Write(await new CellRunner(catalog, model, after: () => DoubleAccount.ReadAsync(catalog)).RunAsync(new(map, @lock, placement, "as it is", largest, name))));
            Say(ResultJson.Write(await DoubleAccount.EndAsync(catalog, name)));
        }
        return 0;

    // Bytes allocated by windows of steps: those of the executor, then those of a generator.
    case ["steady", var model, var cache]:
        await using (var catalog = Catalog(cache, threads: 2))
        {
            var (executor, generator) = await SteadyState.MeasureAsync(catalog, model);
            Console.Out.WriteLine(string.Join(' ', executor));
            Console.Out.WriteLine(string.Join(' ', generator));
        }
        return 0;

    // Bytes mapped, resident after the load, and resident after a token.
    case ["resident", var model, var cache]:
        await using (var catalog = Catalog(cache, threads: 2))
        {
            var (mapped, loaded, written) = await Residency.MeasureAsync(catalog, model);
            Console.Out.WriteLine($"{mapped} {loaded} {written}");
        }
        return 0;

    // One line of JSON: what came of swaps at random moments. WORK has folders plugins and next.
    case ["swaps", var other, var model, var work, var seed, var swaps, var writers]:
        using (var random = new RandomSwaps(model, work, other, int.Parse(seed), int.Parse(swaps), int.Parse(writers)))
            Console.Out.WriteLine(JsonSerializer.Serialize(await random.RunAsync(), SwapJson.Default.SwapReport));
        return 0;

    // One line of JSON: what came of loading and unloading a plugin over and over.
    case ["cycles", var backend, var cache, var cycles]:
        await using (var catalog = Catalog(cache, threads: 2))
            Console.Out.WriteLine(JsonSerializer.Serialize(await LoadCycles.RunAsync(catalog, backend, int.Parse(cycles)), SwapJson.Default.CycleReport));
        return 0;

    // Becomes a program of a user without any rights.
    case ["nobody", var program, .. var words]:
        Libc.Become(Limit.Nobody);
        Libc.Execute(program, words);
        return 1;

    // Becomes a program that Ctrl-C reaches, whoever started this: a shell lets what runs in its background ignore it.
    case ["interruptible", var program, .. var words]:
        Libc.HearInterrupts();
        Libc.Execute(program, words);
        return 1;

    default:
        Console.Error.WriteLine("cells LEVEL MODEL CACHE | cell MAP LOCK PLACEMENT LARGEST [MAC] MODEL CACHE | steady MODEL CACHE | resident MODEL CACHE | swaps OTHER MODEL WORK SEED SWAPS WRITERS | cycles BACKEND CACHE CYCLES | nobody PROGRAM ARGUMENTS… | interruptible PROGRAM ARGUMENTS…");
        return 2;
}

static void Say(string line)
{
    Console.Out.WriteLine(line);
    Console.Out.Flush();
}

static BackendCatalog Catalog(string cache, int threads, IReadOnlyDictionary<string, string>? mac = null) => new(new()
{
    ShadowCopyDirectory = cache,
    PluginEnvironment = null,
    Threads = threads,
    Settings = mac is null ? new Dictionary<string, IReadOnlyDictionary<string, string>>() : new Dictionary<string, IReadOnlyDictionary<string, string>> { [Mac.Backend] = mac },
});
