using System.Runtime.CompilerServices;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Plugins.Loading;

namespace Hotplug.Runtime.Plugins.Slots;

public sealed partial class BackendGeneration
{
    /// <summary>Why a pinned generation stays: as it is meant to be.</summary>
    internal const string PinnedReason = "it is pinned: its code stays for another use";

    private const int Collections = 14;

    /// <summary>
    /// Takes it out of use: gives no more leases, waits for those out, disposes backend and plugin, takes back what was lent, unloads the code and verifies that it is gone.
    /// Never by force: with a lease still out at the end it stays as it is, and is <see cref="BackendState.Resident"/>. Only the first call's options count.
    /// </summary>
    public Task<UnloadResult> RetireAsync(UnloadOptions? options = null)
    {
        lock (_retiring)
            // From the pool, not from the caller: his stack may have frames of the plugin, which would keep it loaded.
            return _retired ??= Task.Run(() => Retire(options ?? new()));
    }

    private async Task<UnloadResult> Retire(UnloadOptions options)
    {
        Close();
        _lifecycle.TryStep(BackendState.Draining, Leases == 0 ? "no lease is out" : $"{Leases} leases are out");
        if (_hungCall is { } never) return Stay(never);
        if (!await DrainAsync(options).ConfigureAwait(false))
        {
            var holders = DescribeLeases();
            Finish(BackendState.Resident, $"leases were not returned: {string.Join("; ", holders)}");
            return new(BackendState.Resident, holders, default, []);
        }
        var faults = new List<string>();
        if (_host.SignalEnd() is { } reaction) faults.Add(reaction);
        if (await DisposePluginAsync(options.DisposeTimeout, faults).ConfigureAwait(false) is { } hung) return Stay(hung);
        var leftover = _host.Close();
        if (!leftover.IsEmpty) faults.Add($"Plugin '{Id}' had not given back {leftover}; the host took them.");
        var weak = ReleaseContext(out var context);
        if (weak is null)
        {
            Finish(BackendState.Resident, PinnedReason);
            return new(BackendState.Resident, [], leftover, faults);
        }
        if (!options.Verify)
        {
            Finish(BackendState.Resident, "its code was not asked whether it is gone");
            return new(BackendState.Resident, ["not verified"], leftover, faults);
        }
        var rounds = await CollectAsync(weak).ConfigureAwait(false);
        if (rounds < 0)
        {
            string[] holders = [$"something holds its load context: take a dump and look with `dotnet-dump analyze`, `dumpheap -type LoaderAllocator`, `gcroot`; usual causes are threads, timers, static events and GC handles of plugin '{Id}'"];
            Finish(BackendState.Resident, $"its load context is alive after {Collections} collections");
            return new(BackendState.Resident, holders, leftover, faults);
        }
        context?.ReleaseCopy(delete: true);
        Finish(BackendState.Unloaded, $"its load context is gone after {rounds} {(rounds == 1 ? "collection" : "collections")}");
        return new(BackendState.Unloaded, [], leftover, faults);
    }

    /// <summary>The last step. Whoever found it faulted meanwhile was right, and it ends all the same.</summary>
    private void Finish(BackendState state, string reason)
    {
        while (!_lifecycle.TryStep(state, reason))
            if (!_lifecycle.TryStep(BackendState.Draining, "it failed while it was retired")) return;
    }

    /// <summary>A call has not come back and may use anything the plugin has: everything stays.</summary>
    private UnloadResult Stay(string call)
    {
        Finish(BackendState.Resident, $"{call} has not come back");
        return new(BackendState.Resident, [$"{call}, which has not come back", .. DescribeLeases()], default, []);
    }

    private async Task<bool> DrainAsync(UnloadOptions options)
    {
        if (_drained.Task.IsCompleted) return true;
        if (await WaitAsync(options.DrainTimeout).ConfigureAwait(false)) return true;
        _host.SignalEnd();
        return await WaitAsync(options.CancelTimeout).ConfigureAwait(false);

        async Task<bool> WaitAsync(TimeSpan limit)
        {
            try
            {
                await _drained.Task.WaitAsync(limit).ConfigureAwait(false);
                return true;
            }
            catch (TimeoutException)
            {
                return _drained.Task.IsCompleted;
            }
        }
    }

    /// <summary>Disposes backend, then plugin. Neither stays in a local of a method that goes on.</summary>
    /// <returns>The call that did not come back in time, or null.</returns>
    private async Task<string?> DisposePluginAsync(TimeSpan patience, List<string> faults)
    {
        foreach (var (call, take) in new (string, Func<IAsyncDisposable?>)[] { ("the backend's DisposeAsync", TakeBackend), ("the plugin's DisposeAsync", TakePlugin) })
        {
            try
            {
                var disposal = ThreadOfItsOwn.RunAsync(() => BackendCall.InvokeAsync($"Plugin '{Id}'", call, take, static async t =>
                {
                    if (t() is { } item) await item.DisposeAsync().ConfigureAwait(false);
                    return true;
                }).AsTask());
                await disposal.WaitAsync(patience).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return call;
            }
            catch (BackendFaultException fault)
            {
                faults.Add(fault.Message);
            }
        }
        return null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private IAsyncDisposable? TakeBackend()
    {
        _devices = [];
        return Interlocked.Exchange(ref _backend, null);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private IAsyncDisposable? TakePlugin() => Interlocked.Exchange(ref _plugin, null);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference? ReleaseContext(out PluginContext? context)
    {
        context = Interlocked.Exchange(ref _context, null);
        return context?.Release();
    }

    /// <summary>Collects until the context is dead; returns how many collections it took, or −1.</summary>
    private static async Task<int> CollectAsync(WeakReference weak)
    {
        for (var round = 1; round <= Collections; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (!weak.IsAlive) return round;
            // Something may be on its way out: a thread that ends, a continuation. Let it, and longer each time.
            if (round > 2) await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(1 << round, 1000))).ConfigureAwait(false);
            else await Task.Yield();
        }
        return -1;
    }

    /// <summary>Forgets a generation that never came to work: its constructor failed.</summary>
    private void Abandon()
    {
        Close();
        _host.Close();
        if (Interlocked.Exchange(ref _context, null) is { } context) Forget(context);
    }

    private static void Forget(PluginContext context)
    {
        if (context.Release() is not null) context.ReleaseCopy(delete: false);
    }
}
