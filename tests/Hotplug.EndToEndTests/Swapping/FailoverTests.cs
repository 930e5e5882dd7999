using Hotplug.Abstractions.Faults;
using Hotplug.Inference.Deployment;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Slots;
using Xunit;

namespace Hotplug.EndToEndTests.Swapping;

/// <summary>A device fails in a step: the text goes on elsewhere, or one line says why it cannot.</summary>
public sealed class FailoverTests
{
    private static readonly FailoverOptions ToCpu = new() { Backends = ["cpu"] };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public async Task A_lost_device_is_replaced_by_a_fresh_generation_and_then_by_another_backend(int run)
    {
        // Every generation is lost at the same run: the second one ends the chances of the backend.
        await using var bench = new SwapBench(("lose-device-after", run.ToString()));
        var reference = await bench.ReferenceAsync(16);
        using var model = await bench.LoadAsync("far", o => o with { Failover = ToCpu });
        using var first = SwapBench.Begin(model, 16);
        using var second = SwapBench.Begin(model, 16);
        while (first.Next(out _) | second.Next(out _)) { }
        Assert.Equal(reference, first.Tokens.ToArray());
        Assert.Equal(reference, second.Tokens.ToArray());
        Assert.StartsWith("cpu", model.Deployment.Place);
        Assert.Equal(ModelTransitionKind.FailedOver, bench.Kinds().Last());
        Assert.DoesNotContain(ModelTransitionKind.Stranded, bench.Kinds());
        Assert.All(bench.Steps, s => Assert.DoesNotContain('\n', s.Reason));
        Assert.Contains(bench.Generations, g => g is { Backend: "far", To: BackendState.Faulted } && g.Reason.Contains("DeviceLost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_across_two_devices_loses_one_of_them()
    {
        await using var bench = new SwapBench(("lose-device-after", "5"));
        var reference = await bench.ReferenceAsync(20);
        using var model = await bench.LoadAsync("far", o => o with { Placement = SwapBench.On("far", 3), Failover = ToCpu });
        using var generator = SwapBench.Begin(model, 20);
        Assert.Equal(reference, SwapBench.Finish(generator));
        Assert.StartsWith("cpu", model.Deployment.Place);
    }

    [Theory]
    [InlineData(FailoverPolicy.Off)]
    [InlineData(FailoverPolicy.SameBackend)]
    public async Task Where_the_policy_allows_nobody_else_the_fault_says_so_and_the_state_is_kept(FailoverPolicy policy)
    {
        await using var bench = new SwapBench(("lose-device-after", "4"));
        var reference = await bench.ReferenceAsync(16);
        using var model = await bench.LoadAsync("far", o => o with { Failover = new() { Policy = policy } });
        using var generator = SwapBench.Begin(model, 16);
        var fault = Assert.Throws<BackendFaultException>(() => SwapBench.Finish(generator));
        Assert.Equal(FaultKind.DeviceLost, fault.Kind);
        Assert.Contains("no other place took over", fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.Equal(ModelTransitionKind.Stranded, bench.Kinds().Last());
        // On request it goes on from where it was.
        await model.PlaceAsync(SwapBench.On("cpu"), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(reference, SwapBench.Finish(generator));
    }

    [Fact]
    public async Task A_fault_in_probation_goes_back_to_the_place_before()
    {
        // The self-test takes runs of its own: late enough to be well through it.
        await using var bench = new SwapBench(("lose-device-after", "12"));
        var reference = await bench.ReferenceAsync();
        using var model = await bench.LoadAsync("cpu");
        var place = model.Deployment;
        using var generator = SwapBench.Begin(model);
        SwapBench.Write(generator, 5);
        await model.PlaceAsync(SwapBench.On("far"), new() { ProbationSteps = 1000 }, TestContext.Current.CancellationToken);
        Assert.Equal(reference, SwapBench.Finish(generator));
        Assert.Same(place, model.Deployment);
        Assert.Equal([ModelTransitionKind.Moved, ModelTransitionKind.RolledBack], bench.Kinds());
    }

    [Fact]
    public async Task A_swapped_backend_that_fails_in_probation_is_replaced_by_the_one_before()
    {
        // Both versions lose the device at their 30th run; the old one has run less when the new one is lost.
        await using var bench = new SwapBench(("lose-device-after", "30"));
        var reference = await bench.ReferenceAsync();
        using var model = await bench.LoadAsync("far", o => o with { Failover = new() { Policy = FailoverPolicy.Off } });
        using var generator = SwapBench.Begin(model);
        SwapBench.Write(generator, 3);
        var slot = await bench.Catalog.GetAsync("far", TestContext.Current.CancellationToken);
        var before = slot.Current!.Number;
        var swap = await bench.Host.SwapAsync(new("far") { Options = new() { ProbationSteps = 1000 } }, TestContext.Current.CancellationToken);
        while (!bench.Kinds().Contains(ModelTransitionKind.RolledBack)) SwapBench.Write(generator, 1);
        var outcome = await swap.Completion;
        Assert.Contains("lost", outcome.Failure);
        Assert.Equal(BackendState.Unloaded, outcome.Retired!.State);
        Assert.Equal((before, BackendState.Active), (slot.Current!.Number, slot.Current.State));
        Assert.Equal(reference[..generator.Tokens.Length], generator.Tokens.ToArray());
    }

    [Fact]
    public async Task A_call_that_hangs_keeps_its_generation_and_a_fresh_one_takes_over()
    {
        await using var bench = new SwapBench(options: new() { CallTimeout = TimeSpan.FromSeconds(4) }, ("hang-at", "12"));
        var reference = await bench.ReferenceAsync(14);
        using var model = await bench.LoadAsync("far", o => o with { Failover = ToCpu });
        using var generator = SwapBench.Begin(model, 14);
        Assert.Equal(reference, SwapBench.Finish(generator));
        Assert.Equal([ModelTransitionKind.FailedOver], bench.Kinds());
        Assert.Contains("TimedOut", bench.Steps[0].Reason);
        Assert.StartsWith("far", model.Deployment.Place);
        // What it has stays, and it says why; on its own time, since nobody waits for it.
        Assert.True(SpinWait.SpinUntil(() => bench.GenerationSteps().Any(g => g is { Backend: "far", To: BackendState.Resident } && g.Reason.Contains("has not come back", StringComparison.Ordinal)), TimeSpan.FromMinutes(1)));
        Assert.Equal(2, bench.Host.Lanes.Count);
    }

    [Fact]
    public async Task A_model_leaves_a_generation_that_another_model_found_faulted_and_takes_its_cells_along()
    {
        await using var bench = new SwapBench();
        var reference = await bench.ReferenceAsync();
        using var model = await bench.LoadAsync("far", o => o with { Failover = ToCpu });
        using var generator = SwapBench.Begin(model);
        SwapBench.Write(generator, 5);
        (await bench.Catalog.GetAsync("far", TestContext.Current.CancellationToken)).Current!.Quarantine("somebody saw it fail");
        Assert.Equal(reference, SwapBench.Finish(generator));
        Assert.Equal([ModelTransitionKind.FailedOver], bench.Kinds());
        Assert.Contains("somebody saw it fail", bench.Steps[0].Reason);
        Assert.StartsWith("far", model.Deployment.Place);
    }
}
