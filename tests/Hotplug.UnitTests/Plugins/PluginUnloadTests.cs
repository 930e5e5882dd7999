using System.Runtime.CompilerServices;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Plugins.Slots;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

public sealed class PluginUnloadTests : IDisposable
{
    private readonly TestPlugins _plugins = new();
    private readonly List<WeakReference> _loaded = [];

    public PluginUnloadTests() => AppDomain.CurrentDomain.AssemblyLoad += Loaded;

    public void Dispose()
    {
        AppDomain.CurrentDomain.AssemblyLoad -= Loaded;
        _plugins.Dispose();
    }

    // Only what is loaded from this test's own cache; other tests have theirs.
    private void Loaded(object? sender, AssemblyLoadEventArgs args)
    {
        if (args.LoadedAssembly.IsDynamic || !args.LoadedAssembly.Location.StartsWith(_plugins.Cache, StringComparison.Ordinal)) return;
        lock (_loaded) _loaded.Add(new(args.LoadedAssembly, trackResurrection: true));
    }

    private int Alive() => _loaded.Count(w => w.IsAlive);

    [Fact]
    public async Task Twenty_loads_and_unloads_leave_no_context_thread_or_allocation()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog();
        var numbers = new List<long>();
        for (var cycle = 0; cycle < 20; cycle++)
        {
            var slot = await catalog.GetAsync("scripted");
            var generation = slot.Current!;
            numbers.Add(generation.Number);
            Work(slot);
            Assert.Equal((1, 1), (generation.Outstanding.Allocations, generation.Outstanding.Threads));
            slot.Exchange(null);
            var result = await generation.RetireAsync();
            Assert.Equal(BackendState.Unloaded, result.State);
            Assert.True(result.Leftover.IsEmpty);
            Assert.Empty(result.Faults);
            Assert.Empty(result.Holders);
        }
        Assert.Equal(20, numbers.Distinct().Count());
        Assert.Equal((20, 0), (_loaded.Count, Alive()));
        Assert.Empty(Directory.GetFiles(Path.Combine(_plugins.Cache, "scripted"), "*.hold"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Work(BackendSlot slot)
    {
        using var lease = slot.Acquire("cycle");
        foreach (var device in lease.Devices) Assert.False(device.Supports(default).IsSupported);
    }

    [Fact]
    public async Task A_held_context_is_reported_as_resident_in_bounded_time()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog(script: "root");
        var slot = await catalog.GetAsync("scripted");
        var result = await slot.Exchange(null)!.RetireAsync();
        Assert.Equal(BackendState.Resident, result.State);
        Assert.Contains("dotnet-dump", Assert.Single(result.Holders));
        Assert.Equal(1, Alive());
        // The host goes on.
        Assert.Equal(BackendState.Active, (await catalog.GetAsync("scripted")).Current!.State);
    }

    [Fact]
    public async Task What_a_plugin_leaves_is_taken_back_and_named_and_it_still_unloads()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog(script: "leak");
        var slot = await catalog.GetAsync("scripted");
        var result = await slot.Exchange(null)!.RetireAsync();
        Assert.Equal(BackendState.Unloaded, result.State);
        Assert.Equal((1, (nuint)1000, 1, 1), (result.Leftover.Allocations, result.Leftover.Bytes, result.Leftover.WorkerGroups, result.Leftover.Threads));
        Assert.Contains("had not given back 1 allocations of 1000 bytes, 1 worker groups of 1 threads", Assert.Single(result.Faults));
    }

    [Theory]
    [InlineData("throw:BackendDispose", "the backend's DisposeAsync")]
    [InlineData("hostile:PluginDispose", "the plugin's DisposeAsync")]
    public async Task A_throwing_disposal_is_text_and_it_still_unloads(string script, string call)
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog(script: script);
        var slot = await catalog.GetAsync("scripted");
        var result = await slot.Exchange(null)!.RetireAsync();
        Assert.Equal(BackendState.Unloaded, result.State);
        Assert.Contains(call, Assert.Single(result.Faults));
    }

    [Fact]
    public async Task A_pinned_plugin_stays_resident_and_is_activated_again_without_loading_twice()
    {
        _plugins.AddScripted(edit: m => m["loadMode"] = "pinned");
        await using var catalog = _plugins.Catalog();
        var slot = await catalog.GetAsync("scripted");
        var first = Entry(slot);
        var result = await slot.Exchange(null)!.RetireAsync();
        Assert.Equal(BackendState.Resident, result.State);
        Assert.Empty(result.Holders);
        Assert.True(result.Leftover.IsEmpty);
        Assert.Same(first, Entry(await catalog.GetAsync("scripted")));
        Assert.Single(_loaded);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Type Entry(BackendSlot slot)
    {
        using var lease = slot.Acquire("type");
        return lease.Backend.GetType();
    }

    [Fact]
    public async Task A_failed_load_leaves_no_context()
    {
        _plugins.AddScripted("throw:Constructor");
        await using var catalog = _plugins.Catalog();
        for (var i = 0; i < 3; i++) await Assert.ThrowsAsync<Hotplug.Runtime.Faults.BackendFaultException>(async () => await catalog.GetAsync("scripted"));
        for (var i = 0; i < 10 && Alive() != 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal((3, 0), (_loaded.Count, Alive()));
    }
}
