using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Plugins.Slots;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

public sealed class BackendSlotTests : IDisposable
{
    private readonly TestPlugins _plugins = new();

    public void Dispose() => _plugins.Dispose();

    [Fact]
    public void States_follow_each_other_in_one_direction()
    {
        var states = Enum.GetValues<BackendState>();
        Assert.DoesNotContain(states, to => BackendLifecycle.IsLegal(BackendState.Unloaded, to));
        Assert.Equal([BackendState.Unloaded], states.Where(to => BackendLifecycle.IsLegal(BackendState.Resident, to)));
        Assert.Equal([BackendState.Draining], states.Where(to => BackendLifecycle.IsLegal(BackendState.Faulted, to)));
        Assert.DoesNotContain(states, s => BackendLifecycle.IsLegal(s, s) && s != BackendState.Faulted);
        BackendState[] way = [BackendState.Discovered, BackendState.Validated, BackendState.Loaded, BackendState.Warm, BackendState.Active, BackendState.Draining, BackendState.Unloaded];
        for (var from = 0; from < way.Length; from++)
            for (var to = 0; to <= from; to++)
                // One way back: a generation that stands by while its successor is in probation.
                if ((way[from], way[to]) != (BackendState.Draining, BackendState.Active)) Assert.False(BackendLifecycle.IsLegal(way[from], way[to]), $"{way[from]} → {way[to]}");
        for (var i = 1; i < way.Length; i++) Assert.True(BackendLifecycle.IsLegal(way[i - 1], way[i]));
    }

    [Fact]
    public async Task A_generation_passes_through_its_states_with_reasons()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog();
        var steps = new List<BackendTransition>();
        catalog.Transitioned += steps.Add;
        var slot = await catalog.GetAsync("scripted");
        await slot.Exchange(null)!.RetireAsync();
        Assert.Equal([BackendState.Validated, BackendState.Loaded, BackendState.Warm, BackendState.Active, BackendState.Draining, BackendState.Unloaded], steps.Select(s => s.To));
        Assert.All(steps, s => Assert.NotEmpty(s.Reason));
        Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
    }

    [Fact]
    public async Task A_lease_holds_the_generation_and_is_returned_once()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog();
        var slot = await catalog.GetAsync("scripted");
        var generation = slot.Current!;
        var lease = slot.Acquire("test");
        Assert.Equal(["one", "two"], lease.Devices.Select(d => d.Info.Id));
        Assert.Equal("two", lease.Device("two").Info.Id);
        Assert.Contains("scripted:one, scripted:two", Assert.Throws<BackendUnavailableException>(() => lease.Device("three")).Message);

        slot.Exchange(null);
        var retired = generation.RetireAsync();
        Assert.False(generation.Drained.IsCompleted);
        Assert.Null(slot.TryAcquire("late"));
        Assert.Contains("not loaded", Assert.Throws<BackendUnavailableException>(() => slot.Acquire("late")).Message);
        Assert.Equal("scripted", Use(lease));
        lease.Dispose();
        lease.Dispose();
        Assert.Equal(0, generation.Leases);
        Assert.Equal(BackendState.Unloaded, (await retired).State);
        Assert.Throws<ObjectDisposedException>(() => lease.Backend);
    }

    // Apart: a local of the test would keep the backend.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static string Use(BackendLease lease) => lease.Backend.Info.Id;

    [Fact]
    public async Task A_lease_that_is_not_returned_leaves_the_generation_resident_and_is_named()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog();
        var slot = await catalog.GetAsync("scripted");
        var generation = slot.Current!;
        using var lease = slot.Acquire("request 17");
        slot.Exchange(null);
        var result = await generation.RetireAsync(new() { DrainTimeout = TimeSpan.Zero, CancelTimeout = TimeSpan.Zero });
        Assert.Equal(BackendState.Resident, result.State);
        Assert.Contains("request 17", Assert.Single(result.Holders));
        Assert.Equal("scripted", lease.Backend.Info.Id);
        Assert.False(generation.Outstanding.IsEmpty);
    }

    [Fact]
    public async Task A_quarantined_generation_gives_no_leases_and_the_next_question_loads_another()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog();
        var slot = await catalog.GetAsync("scripted");
        var first = slot.Current!;
        first.Quarantine("a call failed");
        Assert.Equal(BackendState.Faulted, first.State);
        Assert.Contains("Faulted", Assert.Throws<BackendUnavailableException>(() => slot.Acquire("late")).Message);
        Assert.Same(slot, await catalog.GetAsync("scripted"));
        Assert.NotSame(first, slot.Current);
        Assert.True(slot.Current!.Number > first.Number);
        slot.Acquire("works again").Dispose();
    }

    [Fact]
    public async Task Leases_taken_during_exchanges_are_always_on_a_generation_that_is_not_disposed()
    {
        await using var catalog = new Runtime.Plugins.Catalog.BackendCatalog(new()
        {
            InstallationDirectory = _plugins.Root, PluginEnvironment = null,
            StaticBackends = [Runtime.Plugins.Catalog.StaticBackend.Of("tracked", () => new TrackedPlugin())],
        });
        var slot = await catalog.GetAsync("tracked");
        var stop = false;
        long taken = 0;
        var users = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                using var lease = slot.TryAcquire("user");
                if (lease is null) continue;
                var backend = (TrackedBackend)lease.Backend;
                if (backend.IsDisposed) return false;
                Thread.SpinWait(20);
                if (backend.IsDisposed) return false;
                Interlocked.Increment(ref taken);
            }
            return true;
        })).ToArray();
        for (var i = 0; i < 30; i++)
        {
            var seen = Volatile.Read(ref taken);
            SpinWait.SpinUntil(() => Volatile.Read(ref taken) > seen + 10 || users.Any(u => u.IsCompleted));
            var old = slot.Exchange(null)!;
            await catalog.GetAsync("tracked");
            await old.RetireAsync(new() { Verify = false });
        }
        Volatile.Write(ref stop, true);
        Assert.All(await Task.WhenAll(users), Assert.True);
    }

    private sealed class TrackedPlugin : IBackendPlugin
    {
        public ProbeResult Probe(IPluginHost host) => ProbeResult.Available(1);

        public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation) => new(new TrackedBackend());

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class TrackedBackend : IBackend
    {
        private volatile bool _disposed;

        public bool IsDisposed => _disposed;

        public BackendInfo Info => new() { Id = "tracked", Name = "Tracked", Version = "1" };

        public IReadOnlyList<Hotplug.Abstractions.Devices.IDevice> Devices { get; } = [new NullDevice()];

        public ValueTask DisposeAsync()
        {
            _disposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
