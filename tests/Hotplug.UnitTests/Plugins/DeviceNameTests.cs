using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

/// <summary>How devices are named and chosen by name, and that what is used only when named is neither opened nor chosen otherwise.</summary>
public sealed class DeviceNameTests : IDisposable
{
    private static readonly (string Id, DeviceKind Kind)[] Emulations = [("opencl-cpu", DeviceKind.Emulation), ("cpu-emulation", DeviceKind.Emulation)];
    private static readonly (string Id, DeviceKind Kind)[] Cards = [("opencl-cpu", DeviceKind.Emulation), ("cuda0", DeviceKind.Gpu), ("opencl0", DeviceKind.IntegratedGpu)];

    private readonly TestPlugins _plugins = new();
    private readonly List<string> _opened = [];

    public void Dispose() => _plugins.Dispose();

    [Theory]
    [InlineData("gpu", "cuda0", "gpu:cuda0")]
    [InlineData("cpu", "cpu", "cpu")]
    [InlineData("far", "far", "far")]
    public void A_device_is_named_by_its_backend_and_by_itself_where_the_two_differ(string backend, string device, string name)
        => Assert.Equal(name, DeviceAddress.Of(backend, device).ToString());

    [Theory]
    [InlineData("gpu", "cuda0")]
    [InlineData("gpu:cuda0", "cuda0")]
    [InlineData("gpu:opencl0", "opencl0")]
    [InlineData("gpu:opencl-cpu", "opencl-cpu")]
    [InlineData("cpu", "cpu")]
    [InlineData("cpu:cpu", "cpu")]
    public async Task A_name_selects_the_same_device_in_the_catalogue_and_in_a_plan(string name, string device)
    {
        await using var catalog = _plugins.Catalog(statics: [Backend("cpu", ("cpu", DeviceKind.Cpu)), Backend("gpu", Cards)]);
        Assert.Equal(device, (await catalog.GetDeviceAsync(name)).Info.Id);
        Assert.Equal(device, (await catalog.SelectAsync(name)).Device.Id);
        using var leased = await LeasedDevices.OpenAsync(catalog, new() { Backend = name }, "test");
        Assert.Equal(device, SectionPlacement.Choose(leased.Devices, new() { Backend = name }, 1, _ => 0, []).Output.Device.Info.Id);
        Assert.All(leased.Devices, d => Assert.Same(d, SectionPlacement.Find(leased.Devices, d.Name)));
    }

    [Fact]
    public async Task A_device_with_the_id_of_its_backend_is_what_the_id_selects_even_if_it_is_an_emulation()
    {
        await using var catalog = _plugins.Catalog(statics: Backend("far", ("other", DeviceKind.Gpu), ("far", DeviceKind.Emulation)));
        Assert.Equal("far", (await catalog.GetDeviceAsync("far")).Info.Id);
    }

    [Fact]
    public async Task A_bare_id_never_selects_an_emulation_and_the_error_says_what_was_refused_and_what_to_write()
    {
        await using var catalog = _plugins.Catalog(statics: [Backend("cpu", ("cpu", DeviceKind.Cpu)), Backend("gpu", Emulations)]);
        foreach (var wish in new PlacementOptions[] { new() { Backend = "gpu" }, new() { Backend = "gpu", OffloadedLayers = 2 }, new() { Rules = [new("*", "gpu")] } })
        {
            var failure = await Assert.ThrowsAsync<BackendUnavailableException>(() => LeasedDevices.OpenAsync(catalog, wish, "test"));
            Assert.Contains("CUDA driver: libcuda.so.1 was not found", failure.Message);
            Assert.Contains("gpu:opencl-cpu, gpu:cpu-emulation", failure.Message);
        }
        Assert.Equal("cpu-emulation", (await catalog.GetDeviceAsync("gpu:cpu-emulation")).Info.Id);
        Assert.Contains("gpu:cpu-emulation", (await Assert.ThrowsAsync<BackendUnavailableException>(async () => await catalog.GetDeviceAsync("gpu:cuda7"))).Message);
        using var lease = (await catalog.GetAsync("gpu")).Acquire("test");
        Assert.Contains("gpu:cpu-emulation", Assert.Throws<BackendUnavailableException>(() => lease.Device(null)).Message);
    }

    [Theory]
    [InlineData("gpu:cpu-emulation", null)]
    [InlineData("gpu:cpu-emulation", 1)]
    public async Task A_named_emulation_takes_the_layers_it_is_given(string backend, int? layers)
    {
        await using var catalog = _plugins.Catalog(statics: [Backend("cpu", ("cpu", DeviceKind.Cpu)), Backend("gpu", Emulations)]);
        var wish = new PlacementOptions { Backend = backend, OffloadedLayers = layers };
        using var leased = await LeasedDevices.OpenAsync(catalog, wish, "test");
        var sections = SectionPlacement.Choose(leased.Devices, wish, 3, _ => 0, []);
        Assert.Equal("gpu:cpu-emulation", sections.Output.Name);
        Assert.Equal(layers is null ? "gpu:cpu-emulation" : "cpu", sections.Input.Name);
    }

    [Fact]
    public async Task What_is_used_only_when_named_is_asked_and_not_opened_by_an_automatic_choice()
    {
        await using var catalog = _plugins.Catalog(statics: [Backend("cpu", ("cpu", DeviceKind.Cpu)), Backend("gpu", onlyWhenNamed: true, Emulations)]);
        Assert.Equal("cpu", (await catalog.SelectAsync()).Slot.Id);
        Assert.Contains("only devices that are used when they are named: no driver", (await catalog.SelectAsync()).Candidates.Single(c => c.Id == "gpu").Reason);
        using (var leased = await LeasedDevices.OpenAsync(catalog, new(), "test")) Assert.Equal(["cpu"], leased.Devices.Select(d => d.Name));
        Assert.Equal(["cpu"], (await catalog.ListDevicesAsync()).Select(d => d.Address.ToString()));
        Assert.True((await catalog.ProbeAllAsync()).Single(p => p.Id == "gpu").OnlyWhenNamed);
        Assert.DoesNotContain("gpu", _opened);
        var closed = catalog.Backends.Single(b => b.Id == "gpu");
        Assert.True(closed is { OnlyWhenNamed: true, Problem: null, State: BackendState.Loaded });
        Assert.Equal(["no driver"], closed.ProbeReasons);
        Assert.Contains("used only when named: no driver", catalog.Report().ToText());

        // Open for one who named it, it is still not there for others.
        Assert.Equal("opencl-cpu", (await catalog.GetDeviceAsync("gpu:opencl-cpu")).Info.Id);
        Assert.Equal(["gpu"], _opened.Where(id => id == "gpu"));
        Assert.Equal(["cpu"], (await catalog.ListDevicesAsync()).Select(d => d.Address.ToString()));
        Assert.Equal(["cpu", "gpu:opencl-cpu", "gpu:cpu-emulation"], (await catalog.ListDevicesAsync(tests: true)).Select(d => d.Address.ToString()));
        Assert.Equal([new RefusedDevice("CUDA driver", "libcuda.so.1 was not found")], catalog.Backends.Single(b => b.Id == "gpu").Refused);
        Assert.Contains("refused: CUDA driver: libcuda.so.1 was not found", catalog.Report().ToText());
    }

    [Fact]
    public async Task Automatic_placement_takes_cards_and_leaves_emulations()
    {
        await using var catalog = _plugins.Catalog(statics: [Backend("cpu", ("cpu", DeviceKind.Cpu)), Backend("gpu", Cards)]);
        using var leased = await LeasedDevices.OpenAsync(catalog, new(), "test");
        Assert.Equal("gpu:cuda0", SectionPlacement.Choose(leased.Devices, new(), 1, _ => 0, []).Output.Name);
        var emulations = leased.Devices.Where(d => d.Device.Info.Kind == DeviceKind.Emulation).ToList();
        var failure = Assert.Throws<PlacementException>(() => SectionPlacement.Choose(emulations, new(), 1, _ => 0, []));
        Assert.Equal(PlacementFailure.UnknownDevice, failure.Failure);
        Assert.Contains("gpu:opencl-cpu", failure.Message);
    }

    private StaticBackend Backend(string id, params (string Id, DeviceKind Kind)[] devices) => Backend(id, false, devices);

    private StaticBackend Backend(string id, bool onlyWhenNamed, (string Id, DeviceKind Kind)[] devices)
        => StaticBackend.Of(id, () => new Plugin(id, onlyWhenNamed, [.. devices.Select(d => new NullDevice(d.Id, d.Kind))], _opened));

    private sealed class Plugin(string id, bool onlyWhenNamed, IReadOnlyList<IDevice> devices, List<string> opened) : IBackendPlugin, IBackend
    {
        public BackendInfo Info => new() { Id = id, Name = id, Version = "1", Refused = id == "gpu" ? [new("CUDA driver", "libcuda.so.1 was not found")] : [] };

        public IReadOnlyList<IDevice> Devices => devices;

        public ProbeResult Probe(IPluginHost host) => ProbeResult.Available(1, "no driver") with { OnlyWhenNamed = onlyWhenNamed };

        public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
        {
            opened.Add(id);
            return new(this);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
