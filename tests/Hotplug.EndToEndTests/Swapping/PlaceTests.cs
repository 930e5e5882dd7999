using System.Globalization;
using Hotplug.Inference.Deployment;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Placement;
using Xunit;

namespace Hotplug.EndToEndTests.Swapping;

/// <summary>Layers move between devices between two tokens.</summary>
public sealed class PlaceTests
{
    [Fact]
    public async Task A_text_is_written_across_places_with_other_pages_and_other_splits()
    {
        await using var bench = new SwapBench();
        var reference = await bench.ReferenceAsync();
        using var model = await bench.LoadAsync("cpu");
        using var generator = SwapBench.Begin(model);
        // Another page size, another split, rules by name, and home again.
        PlacementOptions[] places = [SwapBench.On("far", 2), new() { Backend = "cpu", Rules = [PlacementRule.Parse("blk.1.*=far")] }, SwapBench.On("far"), SwapBench.On("cpu")];
        foreach (var place in places)
        {
            SwapBench.Write(generator, 6);
            var length = generator.Tokens.Length - 1;
            var move = await model.PlaceAsync(place, new() { ProbationSteps = 3 }, TestContext.Current.CancellationToken);
            Assert.Equal(new SessionMove(Assert.Single(move.Sessions).Session, SessionFate.Migrated, length, null), move.Sessions[0]);
        }
        Assert.Equal(reference, SwapBench.Finish(generator));
        Assert.StartsWith("cpu (generation", model.Deployment.Place);
    }

    [Fact]
    public async Task A_place_that_computes_nonsense_is_refused_by_the_self_test()
    {
        await using var bench = new SwapBench(("wrong", "MatMul"));
        using var model = await bench.LoadAsync("cpu");
        using var generator = SwapBench.Begin(model);
        SwapBench.Write(generator, 3);
        var place = model.Deployment;
        var refused = await Assert.ThrowsAsync<SwapRefusedException>(() => model.PlaceAsync(SwapBench.On("far")));
        Assert.Contains("off by", refused.Message);
        Assert.Same(place, model.Deployment);
        Assert.Equal(await bench.ReferenceAsync(), SwapBench.Finish(generator));
        Assert.Equal([ModelTransitionKind.Refused], bench.Kinds());
    }

    [Theory]
    [InlineData(SwapPolicy.Migrate)]
    [InlineData(SwapPolicy.StopAndReload)]
    public async Task A_place_without_room_is_refused_with_what_to_do_and_the_text_goes_on(SwapPolicy policy)
    {
        await using var bench = new SwapBench(("memory", "3 MiB"));
        using var model = await bench.LoadAsync("cpu");
        using var generator = SwapBench.Begin(model);
        SwapBench.Write(generator, 9);
        var refused = await Assert.ThrowsAsync<SwapRefusedException>(() => model.PlaceAsync(SwapBench.On("far"), new() { Policy = policy }));
        Assert.Contains("--gpu-layers", refused.Message);
        Assert.Equal(await bench.ReferenceAsync(), SwapBench.Finish(generator));
    }

    [Fact]
    public async Task Where_both_places_do_not_fit_stopping_and_reloading_does()
    {
        // Room for either place, and not for both.
        var (whole, part) = (await FarBytesAsync(null), await FarBytesAsync(3));
        await using var bench = new SwapBench(("memory", (whole + part / 2).ToString(CultureInfo.InvariantCulture)));
        using var model = await bench.LoadAsync("far");
        using var generator = SwapBench.Begin(model, 20);
        SwapBench.Write(generator, 5);
        Assert.Contains("goes on where it was", (await Assert.ThrowsAsync<SwapRefusedException>(() => model.PlaceAsync(SwapBench.On("far", 3)))).Message);
        var move = await model.PlaceAsync(SwapBench.On("far", 3), new() { Policy = SwapPolicy.StopAndReload }, TestContext.Current.CancellationToken);
        Assert.Equal((SessionFate.Migrated, generator.Tokens.Length - 1), (move.Sessions[0].Fate, move.Sessions[0].Cells));
        Assert.Equal(await bench.ReferenceAsync(20), SwapBench.Finish(generator));
    }

    private static async Task<long> FarBytesAsync(int? layers)
    {
        await using var bench = new SwapBench();
        using var model = await bench.LoadAsync("far", o => o with { Placement = SwapBench.On("far", layers) });
        var plan = model.Executor.Plan;
        return plan.TotalsOf(plan.Devices.Single(d => d.Name == "far")).TotalBytes;
    }

    [Fact]
    public async Task Sessions_that_do_not_fit_are_not_moved()
    {
        await using var bench = new SwapBench();
        using var model = await bench.LoadAsync("far", o => o with { Sequences = 1, Context = 64 });
        // Pages of 8 tokens there: the short ones fill a cache of 64 cells, whose pages on the processor are longer.
        var generators = Enumerable.Range(0, 8).Select(_ => SwapBench.Begin(model, 2)).ToList();
        foreach (var generator in generators) SwapBench.Write(generator, 1);
        var place = model.Deployment;
        var refused = await Assert.ThrowsAsync<SwapRefusedException>(() => model.PlaceAsync(SwapBench.On("cpu")));
        Assert.Contains("free pages", refused.Message);
        Assert.Same(place, model.Deployment);
        foreach (var generator in generators) generator.Dispose();
        await model.PlaceAsync(SwapBench.On("cpu"), cancellation: TestContext.Current.CancellationToken);
        Assert.NotSame(place, model.Deployment);
    }

    [Fact]
    public async Task Weights_that_stand_on_one_mapping_are_mapped_and_locked_once()
    {
        await using var bench = new SwapBench();
        using var model = await bench.LoadAsync("cpu", o => o with { Memory = o.Memory with { Map = MapPolicy.Require, Lock = LockPolicy.Try } });
        var (usage, locked) = (bench.Host.Space.Usage, bench.Host.Space.Locks.LockedBytes);
        await bench.Host.SwapAsync(new("cpu"), TestContext.Current.CancellationToken);
        // Both generations stand on it during probation.
        Assert.Equal(usage.MappedBytes, bench.Host.Space.Usage.MappedBytes);
        Assert.Equal(locked, bench.Host.Space.Locks.LockedBytes);
    }
}
