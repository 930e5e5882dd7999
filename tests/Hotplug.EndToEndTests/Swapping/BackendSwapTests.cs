using Hotplug.Inference.Deployment;
using Hotplug.Runtime.Plugins.Slots;
using Xunit;

namespace Hotplug.EndToEndTests.Swapping;

/// <summary>A backend is exchanged for another generation while models on it write.</summary>
public sealed class BackendSwapTests
{
    private static readonly SwapOptions Short = new() { ProbationSteps = 4 };

    [Theory]
    [InlineData(SwapPolicy.Migrate, SessionFate.Migrated)]
    [InlineData(SwapPolicy.Recompute, SessionFate.Recomputed)]
    [InlineData(SwapPolicy.NewSessionsOnly, SessionFate.Stayed)]
    [InlineData(SwapPolicy.StopAndReload, SessionFate.Migrated)]
    public async Task Text_goes_on_as_if_nothing_had_happened(SwapPolicy policy, SessionFate fate)
    {
        await using var bench = new SwapBench();
        var reference = await bench.ReferenceAsync();
        using var model = await bench.LoadAsync("cpu");
        using var first = SwapBench.Begin(model);
        using var second = SwapBench.Begin(model);
        SwapBench.Write(first, 7);
        SwapBench.Write(second, 20);
        var before = model.Deployment.Place;
        var folder = bench.Version("cpu", "0.2.0", "next");

        var swap = await bench.Host.SwapAsync(new("cpu") { Folder = folder, Options = Short with { Policy = policy } }, TestContext.Current.CancellationToken);

        var move = Assert.Single(swap.Models);
        Assert.Equal((before, model.Deployment.Place, "0.2.0"), (move.From, move.To, swap.Version));
        Assert.NotEqual(before, model.Deployment.Place);
        Assert.Equal([fate, fate], move.Sessions.Select(s => s.Fate));
        if (fate == SessionFate.Migrated) Assert.Equal([first.Tokens.Length - 1, second.Tokens.Length - 1], move.Sessions.Select(s => s.Cells));
        Assert.All(move.Sessions, s => Assert.Null(s.Reason));
        Assert.Equal(reference, SwapBench.Finish(first));
        Assert.Equal(reference, SwapBench.Finish(second));
        first.Dispose();
        second.Dispose();
        using (var third = SwapBench.Begin(model)) Assert.Equal(reference, SwapBench.Finish(third));

        var outcome = await swap.Completion;
        Assert.Null(outcome.Failure);
        // The processor's code is pinned: what is retired is its devices, memory and threads.
        Assert.Equal(BackendState.Resident, outcome.Retired!.State);
        Assert.Empty(outcome.Retired.Holders);
        Assert.True(outcome.Retired.Leftover.IsEmpty);
        Assert.Equal("0.2.0", bench.Catalog.Backends.Single(b => b.Id == "cpu").Version);
    }

    [Fact]
    public async Task An_unloadable_backend_is_unloaded_and_its_copy_deleted()
    {
        await using var bench = new SwapBench();
        using var model = await bench.LoadAsync("far");
        using var generator = SwapBench.Begin(model, 10);
        SwapBench.Write(generator, 4);
        var old = bench.Catalog.Backends.Single(b => b.Id == "far").LoadedFrom!;
        Assert.True(Directory.Exists(old));

        var swap = await bench.Host.SwapAsync(new("far") { Folder = bench.Version("far", "0.2.0", "next"), Options = Short }, TestContext.Current.CancellationToken);
        SwapBench.Finish(generator);

        var outcome = await swap.Completion;
        Assert.Equal((BackendState.Unloaded, null), (outcome.Retired!.State, outcome.Failure));
        Assert.False(Directory.Exists(old));
        if (OperatingSystem.IsLinux()) Assert.DoesNotContain(old, File.ReadAllText("/proc/self/maps"));
        Assert.Equal([ModelTransitionKind.Moved, ModelTransitionKind.Settled], bench.Kinds());
        // The old one stood by between the exchange and its end.
        var first = bench.Generations.Where(g => g.Backend == "far" && g.Generation == swap.From).Select(g => g.To);
        Assert.Equal([BackendState.Validated, BackendState.Loaded, BackendState.Warm, BackendState.Active, BackendState.Draining, BackendState.Unloaded], first);
    }

    [Fact]
    public async Task A_policy_that_refuses_changes_nothing_while_there_are_sessions()
    {
        await using var bench = new SwapBench();
        using var model = await bench.LoadAsync("cpu");
        var place = model.Deployment;
        using (var generator = SwapBench.Begin(model))
        {
            var refused = await Assert.ThrowsAsync<SwapRefusedException>(() => bench.Host.SwapAsync(new("cpu") { Options = Short with { Policy = SwapPolicy.Refuse } }));
            Assert.Contains("1 session is under way", refused.Message);
            Assert.Same(place, model.Deployment);
            SwapBench.Write(generator, 2);
        }
        await bench.Host.SwapAsync(new("cpu") { Options = Short with { Policy = SwapPolicy.Refuse } }, TestContext.Current.CancellationToken);
        Assert.NotSame(place, model.Deployment);
    }

    [Fact]
    public async Task A_plugin_that_is_damaged_or_another_leaves_everything_as_it_was()
    {
        await using var bench = new SwapBench();
        using var model = await bench.LoadAsync("cpu");
        using var generator = SwapBench.Begin(model);
        SwapBench.Write(generator, 3);
        var place = model.Deployment;
        var damaged = bench.Version("cpu", "0.2.0", "damaged");
        await using (var file = new FileStream(Path.Combine(damaged, "Hotplug.Cpu.dll"), FileMode.Open)) file.SetLength(file.Length / 2);

        Assert.Contains("not swapped", (await Assert.ThrowsAsync<SwapRefusedException>(() => bench.Host.SwapAsync(new("cpu") { Folder = damaged }))).Message);
        Assert.Contains("has the id 'far'", (await Assert.ThrowsAsync<SwapRefusedException>(() => bench.Host.SwapAsync(new("cpu") { Folder = bench.Version("far", "1", "other") }))).Message);
        Assert.Contains("There is no backend 'nothing'", (await Assert.ThrowsAsync<SwapRefusedException>(() => bench.Host.SwapAsync(new("nothing")))).Message);
        Assert.Same(place, model.Deployment);
        Assert.Equal(await bench.ReferenceAsync(), SwapBench.Finish(generator));
    }

    [Fact]
    public async Task A_backend_that_no_model_uses_is_exchanged_and_unloaded_at_once()
    {
        await using var bench = new SwapBench();
        var slot = await bench.Catalog.GetAsync("far", TestContext.Current.CancellationToken);
        var before = slot.Current!.Number;
        var swap = await bench.Host.SwapAsync(new("far"), TestContext.Current.CancellationToken);
        Assert.Equal((before, slot.Current!.Number), (swap.From, swap.To));
        Assert.Equal(BackendState.Unloaded, (await swap.Completion).Retired!.State);
    }

    [Fact]
    public async Task Swaps_that_follow_each_other_at_once_leave_one_generation()
    {
        await using var bench = new SwapBench();
        using var model = await bench.LoadAsync("far");
        using var generator = SwapBench.Begin(model, 12);
        var swaps = new List<BackendSwapResult>();
        for (var i = 0; i < 4; i++)
        {
            SwapBench.Write(generator, 2);
            swaps.Add(await bench.Host.SwapAsync(new("far"), TestContext.Current.CancellationToken));
        }
        SwapBench.Finish(generator);
        generator.Dispose();
        model.Dispose();
        foreach (var swap in swaps)
            Assert.Equal((BackendState.Unloaded, null), ((await swap.Completion).Retired!.State, (await swap.Completion).Failure));
        Assert.Equal(0, bench.Host.Lanes.Count);
        Assert.Equal(default, bench.Host.Space.Usage);
    }
}
