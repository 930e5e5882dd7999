using System.Text.Json;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Slots;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

public sealed class BackendCatalogTests : IDisposable
{
    private readonly TestPlugins _plugins = new();

    public void Dispose() => _plugins.Dispose();

    private static StaticBackend Static(string id, int score, params DeviceKind[] kinds) => StaticBackend.Of(id, () => new StaticPlugin(id, score, kinds));

    [Fact]
    public async Task Code_of_a_plugin_that_is_not_asked_for_never_runs()
    {
        _plugins.AddScripted();
        _plugins.Add("SideEffect");
        var mark = Path.Combine(_plugins.Root, "mark");
        Environment.SetEnvironmentVariable("HOTPLUG_TEST_MARK", mark);
        try
        {
            await using var catalog = _plugins.Catalog();
            Assert.Equal(["scripted", "side-effect"], catalog.Backends.Select(b => b.Id));
            Assert.NotEmpty(catalog.Report().ToText());
            await catalog.GetAsync("scripted");
            await catalog.SelectAsync("scripted:two");
            Assert.Equal(BackendState.Validated, catalog.Backends[1].State);
            Assert.False(File.Exists(mark));

            // Asked for, it does run: the mark is a real sign.
            await Assert.ThrowsAsync<BackendUnavailableException>(async () => await catalog.GetAsync("side-effect"));
            Assert.True(File.Exists(mark));
        }
        finally
        {
            Environment.SetEnvironmentVariable("HOTPLUG_TEST_MARK", null);
        }
    }

    [Fact]
    public async Task An_unknown_id_lists_what_there_is_and_why_others_were_rejected()
    {
        _plugins.AddScripted();
        _plugins.Add("OwnContract");
        await using var catalog = _plugins.Catalog();
        var failure = await Assert.ThrowsAsync<BackendUnavailableException>(async () => await catalog.GetAsync("cuda"));
        Assert.Contains("There is no backend 'cuda'. There are: scripted", failure.Message);
        Assert.Contains("own-contract", failure.Message);
        Assert.Contains("ships its own copy", failure.Message);
        Assert.Contains(_plugins.Folder, failure.Message);
        Assert.Equal(PluginRejectionCode.PrivateContract, (await Assert.ThrowsAsync<PluginRejectedException>(async () => await catalog.GetAsync("own-contract"))).Rejection.Code);
    }

    [Fact]
    public async Task A_file_changed_since_the_search_is_rejected_on_loading_and_reported()
    {
        var folder = _plugins.Add("Scripted");
        await using var catalog = _plugins.Catalog();
        Assert.Empty(catalog.Report().Rejected);
        File.AppendAllText(Path.Combine(folder, "Hotplug.Tests.Scripted.deps.json"), " ");
        for (var i = 0; i < 2; i++) await Assert.ThrowsAsync<PluginRejectedException>(async () => await catalog.GetAsync("scripted"));
        Assert.Equal(PluginRejectionCode.BadHash, Assert.Single(catalog.Report().Rejected).Code);
    }

    [Fact]
    public async Task Asked_for_by_many_at_once_a_backend_is_opened_once()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog();
        var active = 0;
        catalog.Transitioned += t => active += t.To == BackendState.Active ? 1 : 0;
        var slots = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await catalog.GetAsync("scripted"))));
        Assert.Single(slots.Distinct());
        Assert.Equal(1, active);
    }

    [Fact]
    public async Task Automatic_choice_goes_by_kind_then_score_then_id_and_says_why()
    {
        _plugins.AddScripted("gpu");
        await using var catalog = _plugins.Catalog(statics:
        [
            Static("cpu", 100, DeviceKind.Cpu), Static("b", 5, DeviceKind.Cpu, DeviceKind.Gpu), Static("a", 5, DeviceKind.Gpu), Static("igpu", 50, DeviceKind.IntegratedGpu),
            Static("none", 0, DeviceKind.Gpu), Static("emulated", 99, DeviceKind.Emulation),
        ]);
        var selection = await catalog.SelectAsync();
        Assert.Equal("a", selection.Slot.Id);
        Assert.Equal(DeviceKind.Gpu, selection.Device.Kind);
        var reasons = selection.Candidates.ToDictionary(c => c.Id, c => c.Reason);
        Assert.True(selection.Candidates[0].IsChosen);
        Assert.Equal("automatic: Gpu, score 5, the best of 4", reasons["a"]);
        Assert.Equal("automatic: Gpu, score 5, comes after a", reasons["b"]);
        Assert.Equal("automatic: Cpu, score 100, comes after a", reasons["cpu"]);
        Assert.Contains("cannot run here: nothing to run on", reasons["none"]);
        Assert.Contains("Emulation", reasons["emulated"]);
        Assert.Contains("test equipment", reasons["scripted"]);
        Assert.Equal(BackendState.Validated, catalog.Backends.Single(b => b.Id == "scripted").State);
    }

    [Fact]
    public async Task With_nothing_to_choose_the_error_says_why_for_each()
    {
        _plugins.AddScripted();
        _plugins.Add("FutureMajor");
        await using var catalog = _plugins.Catalog(statics: Static("none", 0, DeviceKind.Gpu));
        var failure = await Assert.ThrowsAsync<BackendUnavailableException>(async () => await catalog.SelectAsync());
        Assert.Contains("none: Backend 'none' cannot run here", failure.Message);
        Assert.Contains("scripted: it is test equipment", failure.Message);
        Assert.Contains("made for contract 2.0", failure.Message);
    }

    [Fact]
    public async Task The_configured_backend_and_device_are_taken()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog("scripted:two", statics: Static("cpu", 1, DeviceKind.Cpu));
        var selection = await catalog.SelectAsync();
        Assert.Equal(("scripted", "two"), (selection.Slot.Id, selection.Device.Id));
        Assert.Equal("the configuration names scripted:two", selection.Candidates[0].Reason);
        Assert.Equal("cpu", (await catalog.SelectAsync("cpu")).Slot.Id);
        Assert.Contains("scripted:one, scripted:two", (await Assert.ThrowsAsync<BackendUnavailableException>(async () => await catalog.SelectAsync("scripted:six"))).Message);
        await Assert.ThrowsAsync<FormatException>(async () => await catalog.SelectAsync("scripted:"));
    }

    [Fact]
    public async Task Devices_are_listed_by_address_and_one_failure_hides_none()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog(statics: [Static("cpu", 1, DeviceKind.Cpu, DeviceKind.Cpu), Static("none", 0)]);
        Assert.Equal(["cpu:cpu0", "cpu:cpu1"], (await catalog.ListDevicesAsync()).Select(d => d.Address.ToString()));
        Assert.Equal(["cpu:cpu0", "cpu:cpu1", "scripted:one", "scripted:two"], (await catalog.ListDevicesAsync(tests: true)).Select(d => d.Address.ToString()));
        Assert.Equal("two", (await catalog.GetDeviceAsync("scripted:two")).Info.Id);
    }

    [Fact]
    public async Task All_are_probed_and_a_fault_is_a_reason()
    {
        _plugins.AddScripted("throw:Probe");
        await using var catalog = _plugins.Catalog(statics: Static("cpu", 3));
        var probes = await catalog.ProbeAllAsync(tests: true);
        Assert.Equal([("cpu", 3), ("scripted", 0)], probes.Select(p => (p.Id, p.Score)));
        Assert.Contains("the script says so at Probe", Assert.Single(probes[1].Reasons));
        Assert.Single(await catalog.ProbeAllAsync());
    }

    [Fact]
    public async Task A_static_backend_comes_before_a_folder_of_the_same_id()
    {
        _plugins.AddScripted();
        await using var catalog = _plugins.Catalog(statics: Static("scripted", 1, DeviceKind.Cpu));
        Assert.Equal("scripted0", (await catalog.GetDeviceAsync("scripted")).Info.Id);
        Assert.Equal(PluginRejectionCode.DuplicateId, Assert.Single(catalog.Report().Rejected).Code);
    }

    [Fact]
    public void A_static_backend_needs_an_id()
        => Assert.Contains("BackendPlugin attribute", Assert.Throws<ArgumentException>(() => StaticBackend.Of<NamelessPlugin>()).Message);

    [Fact]
    public async Task The_report_tells_the_same_as_text_and_as_json()
    {
        _plugins.AddScripted();
        _plugins.Add("FutureMinor");
        await using var catalog = _plugins.Catalog();
        await catalog.GetAsync("scripted");
        var report = catalog.Report();
        using var json = JsonDocument.Parse(report.ToJson());
        var root = json.RootElement;
        Assert.Equal(1, root.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(ContractVersion.Current.ToString(), root.GetProperty("hostContract").GetString());
        var backend = root.GetProperty("backends")[0];
        Assert.Equal(("scripted", "Active", "it was asked for by name"), (backend.GetProperty("id").GetString(), backend.GetProperty("state").GetString(), backend.GetProperty("loadReason").GetString()));
        var rejected = root.GetProperty("rejected")[0];
        Assert.Equal(("ContractMismatch", "1.99"), (rejected.GetProperty("code").GetString(), rejected.GetProperty("pluginContract").GetString()));
        var text = report.ToText();
        foreach (var part in (string[])["scripted", "Active, loaded because it was asked for by name", "devices: scripted:one, scripted:two", "future-minor: rejected (ContractMismatch)", _plugins.Folder])
            Assert.Contains(part, text);
    }

    [Fact]
    public async Task After_disposal_nothing_is_open_and_nothing_can_be_asked()
    {
        _plugins.AddScripted();
        var catalog = _plugins.Catalog();
        var generation = (await catalog.GetAsync("scripted")).Current!;
        await catalog.DisposeAsync();
        await catalog.DisposeAsync();
        Assert.True(generation.Outstanding.IsEmpty);
        Assert.Equal(BackendState.Resident, generation.State);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await catalog.GetAsync("scripted"));
    }

    private sealed class NamelessPlugin : IBackendPlugin
    {
        public ProbeResult Probe(IPluginHost host) => default;

        public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class StaticPlugin(string id, int score, DeviceKind[] kinds) : IBackendPlugin, IBackend
    {
        public BackendInfo Info => new() { Id = id, Name = id, Version = "1" };

        public IReadOnlyList<IDevice> Devices { get; } = [.. kinds.Select((k, i) => new NullDevice($"{id}{i}", k))];

        public ProbeResult Probe(IPluginHost host) => score == 0 ? ProbeResult.Unavailable("nothing to run on") : ProbeResult.Available(score);

        public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation) => new(this);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
