using System.Runtime.CompilerServices;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

/// <summary>A generation beside the one at work, and the exchange of the two.</summary>
public sealed class BackendStagingTests : IDisposable
{
    private readonly TestPlugins _plugins = new();

    public void Dispose() => _plugins.Dispose();

    [Fact]
    public async Task A_staged_generation_can_be_used_before_it_is_in_the_slot_and_dropped()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog();
        var slot = await catalog.GetAsync("scripted", TestContext.Current.CancellationToken);
        var current = slot.Current!;
        var states = new List<BackendTransition>();
        catalog.Transitioned += states.Add;
        long number;
        await using (var staged = await catalog.StageAsync("scripted", cancellation: TestContext.Current.CancellationToken))
        {
            number = staged.Generation;
            Assert.Equal(2, Devices(staged));
            Assert.Same(current, slot.Current);
        }
        Assert.Equal((BackendState.Unloaded, number), (states[^1].To, states[^1].Generation));
        Assert.Equal(BackendState.Active, current.State);
        slot.Acquire("goes on").Dispose();
    }

    [Fact]
    public async Task An_exchange_that_is_committed_retires_the_one_before()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog();
        var slot = await catalog.GetAsync("scripted", TestContext.Current.CancellationToken);
        var before = slot.Current!;
        var lease = slot.Acquire("long work");
        var exchange = await ExchangeAsync(catalog);
        Assert.Equal((before.Number, slot.Current!.Number, true), (exchange.Before, exchange.Generation, exchange.CanRollBack));
        Assert.Equal(BackendState.Draining, before.State);
        var retired = exchange.CommitAsync();
        Assert.False(retired.IsCompleted);
        lease.Dispose();
        Assert.Equal(BackendState.Unloaded, (await retired)!.State);
        // Settled once: what comes second does nothing.
        Assert.Same(retired, exchange.RollBackAsync("too late"));
        slot.Acquire("the new one").Dispose();
    }

    [Fact]
    public async Task An_exchange_that_is_undone_brings_the_one_before_back()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog();
        var slot = await catalog.GetAsync("scripted", TestContext.Current.CancellationToken);
        var before = slot.Current!;
        var exchange = await ExchangeAsync(catalog);
        var failed = slot.Current!;
        Assert.Equal(BackendState.Unloaded, (await exchange.RollBackAsync("it computes nonsense"))!.State);
        Assert.Same(before, slot.Current);
        Assert.Equal(BackendState.Active, before.State);
        Assert.Equal("it computes nonsense", failed.FaultReason);
        Assert.Contains("it computes nonsense", catalog.Backends[0].Problem);
        slot.Acquire("as before").Dispose();
        // And it can be retired like any other.
        slot.Exchange(null);
        Assert.Equal(BackendState.Unloaded, (await before.RetireAsync()).State);
    }

    [Fact]
    public async Task One_that_failed_meanwhile_is_not_brought_back()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog();
        var slot = await catalog.GetAsync("scripted", TestContext.Current.CancellationToken);
        var before = slot.Current!;
        var exchange = await ExchangeAsync(catalog);
        before.Quarantine("it failed while it stood by");
        await exchange.RollBackAsync("the new one failed too");
        Assert.Throws<BackendUnavailableException>(() => slot.Acquire("nobody"));
        Assert.NotNull((await catalog.GetAsync("scripted", TestContext.Current.CancellationToken)).Current);
        slot.Acquire("a third one").Dispose();
    }

    [Fact]
    public async Task A_plugin_that_never_comes_back_is_given_up_and_stays_and_a_fresh_one_takes_over()
    {
        var time = new FakeTimeProvider();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var made = 0;
        await using var catalog = new BackendCatalog(new()
        {
            InstallationDirectory = _plugins.Root, PluginEnvironment = null, Time = time,
            StaticBackends = [StaticBackend.Of("stuck", () => new StuckPlugin(made++ == 0 ? entered : null))],
        });
        var states = new List<BackendTransition>();
        catalog.Transitioned += states.Add;
        var opening = catalog.GetAsync("stuck", TestContext.Current.CancellationToken).AsTask();
        await entered.Task;
        while (!opening.IsCompleted)
        {
            time.Advance(TimeSpan.FromHours(1));
            await Task.Yield();
        }
        var fault = await Assert.ThrowsAsync<BackendFaultException>(() => opening);
        Assert.Equal((FaultKind.TimedOut, "CreateAsync"), (fault.Kind, fault.Operation));
        Assert.Equal((BackendState.Resident, true), (states[^1].To, states[^1].Reason.Contains("has not come back", StringComparison.Ordinal)));
        Assert.Equal(BackendState.Active, (await catalog.GetAsync("stuck", TestContext.Current.CancellationToken)).Current!.State);
    }

    private static async Task<BackendExchange> ExchangeAsync(BackendCatalog catalog)
    {
        await using var staged = await catalog.StageAsync("scripted");
        return await staged.ExchangeAsync();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Devices(StagedBackend staged)
    {
        using var lease = staged.Acquire("self-test");
        return lease.Devices.Count;
    }

    /// <summary>Never comes back from opening its devices if it is given something to say that it is there.</summary>
    private sealed class StuckPlugin(TaskCompletionSource? entered) : IBackendPlugin, IBackend
    {
        public BackendInfo Info => new() { Id = "stuck", Name = "Stuck", Version = "1" };

        public IReadOnlyList<IDevice> Devices { get; } = [new NullDevice()];

        public ProbeResult Probe(IPluginHost host) => ProbeResult.Available(1);

        public async ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
        {
            if (entered is null) return this;
            entered.SetResult();
            await new TaskCompletionSource().Task;
            throw new InvalidOperationException("It cannot come here.");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
