using Hotplug.Runtime.Faults;
using Hotplug.Abstractions.Faults;
using Hotplug.Runtime.Plugins.Loading;
using Hotplug.Runtime.Plugins.Slots;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

public sealed class PluginFaultTests : IDisposable
{
    private readonly TestPlugins _plugins = new();

    public void Dispose() => _plugins.Dispose();

    public static TheoryData<string, string, string, FaultKind> Faults() => new()
    {
        { "throw:Constructor", "its constructor", "ScriptedException: the script says so at Constructor", FaultKind.Defect },
        { "throw:Probe", "Probe", "ScriptedException: the script says so at Probe", FaultKind.Defect },
        { "throw:CreateAsync", "CreateAsync", "the script says so at CreateAsync", FaultKind.Defect },
        { "throw:CreateAsyncLater", "CreateAsync", "the script says so at CreateAsyncLater", FaultKind.Defect },
        { "throw:Info", "Info and Devices", "the script says so at Info", FaultKind.Defect },
        { "throw:Devices", "Info and Devices", "the script says so at Devices", FaultKind.Defect },
        { "throw:DeviceInfo", "Info and Devices", "the script says so at DeviceInfo", FaultKind.Defect },
        { "hostile:Constructor", "its constructor", "HostileException: (its message cannot be read)", FaultKind.Defect },
        { "hostile:Probe", "Probe", "(its message cannot be read)", FaultKind.Defect },
        { "hostile:CreateAsync", "CreateAsync", "(its message cannot be read)", FaultKind.Defect },
        { "lost:CreateAsync", "CreateAsync", "the scripted device is gone", FaultKind.DeviceLost },
        { "lost:Devices", "Info and Devices", "the scripted device is gone", FaultKind.DeviceLost },
        { "null", "CreateAsync", "it returned null", FaultKind.Defect },
        { "noinfo", "Info", "it is null", FaultKind.Defect },
        { "misnamed", "Info", "it says id 'another', and the plugin's id is 'scripted'", FaultKind.Defect },
        { "nodevices", "Devices", "there are none", FaultKind.Defect },
        { "nulldevice", "Devices", "is null", FaultKind.Defect },
        { "twins", "Devices", "two devices have the id 'one'", FaultKind.Defect },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_in_any_call_becomes_text_and_nothing_is_left(string script, string call, string reason, FaultKind kind)
    {
        _plugins.AddScripted(script);
        await using var catalog = _plugins.Catalog();
        var generations = new List<BackendTransition>();
        catalog.Transitioned += generations.Add;

        var fault = await Assert.ThrowsAsync<BackendFaultException>(async () => await catalog.GetAsync("scripted"));
        Assert.Equal(("Plugin 'scripted'", call, kind), (fault.Origin, fault.Operation, fault.Kind));
        Assert.Contains(reason, fault.Reason);
        Assert.Null(fault.InnerException);

        var described = Assert.Single(catalog.Backends);
        Assert.Contains(reason, described.Problem);
        Assert.Contains(generations, t => t.To == BackendState.Faulted && t.Reason.Contains(reason));
        Assert.Contains(reason, catalog.Report().ToText());
    }

    [Fact]
    public async Task Settings_that_a_plugin_refuses_are_named_with_the_place_to_correct_them()
    {
        _plugins.AddScripted();
        await using var catalog = new Runtime.Plugins.Catalog.BackendCatalog(new()
        {
            InstallationDirectory = _plugins.Root, PluginEnvironment = null, ShadowCopyDirectory = _plugins.Cache,
            Settings = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["scripted"] = new Dictionary<string, string> { ["sript"] = "x" } },
        });
        var fault = await Assert.ThrowsAsync<BackendFaultException>(async () => await catalog.GetAsync("scripted"));
        Assert.Equal(FaultKind.Unsupported, fault.Kind);
        Assert.Contains("'sript' is not known; known is script", fault.Reason);
        Assert.Contains("Hotplug:Backends:scripted", fault.Reason);
    }

    [Fact]
    public async Task A_plugin_that_cannot_run_says_why()
    {
        _plugins.AddScripted("unavailable");
        await using var catalog = _plugins.Catalog();
        var failure = await Assert.ThrowsAsync<BackendUnavailableException>(async () => await catalog.GetAsync("scripted"));
        Assert.Equal("Backend 'scripted' cannot run here: no scripted device; try again", failure.Message);
    }

    [Fact]
    public async Task Opening_can_be_cancelled_and_tried_again()
    {
        var folder = _plugins.AddScripted("wait");
        await using var catalog = _plugins.Catalog();
        using var cancel = new CancellationTokenSource();
        var opening = catalog.GetAsync("scripted", cancel.Token).AsTask();
        await cancel.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        File.WriteAllText(Path.Combine(folder, "script.txt"), "");
        Assert.Equal(BackendState.Active, (await catalog.GetAsync("scripted")).Current!.State);
    }

    [Fact]
    public void What_is_kept_of_an_exception_is_bounded_text()
    {
        var fault = BackendCall.Translate("p", "Call", new AggregateException(new InvalidOperationException(new string('x', 1_000_000))));
        Assert.StartsWith("InvalidOperationException: xxx", fault.Reason);
        Assert.InRange(fault.Reason.Length, 1, 10_000);
        Assert.InRange(fault.Detail.Length, 1, 10_000);
        Assert.Equal(FaultKind.OutOfDeviceMemory, BackendCall.Translate("p", "c", new OutOfDeviceMemoryException("t", 1)).Kind);
        Assert.Equal(FaultKind.TimedOut, BackendCall.Translate("p", "c", new TimeoutException()).Kind);
        var again = BackendCall.Translate("outer", "outer", fault);
        Assert.Equal(("p", "Call"), (again.Origin, again.Operation));
    }
}
