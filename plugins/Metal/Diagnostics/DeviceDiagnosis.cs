using System.Runtime.InteropServices;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;
using Hotplug.Metal.Drivers;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Checking;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Diagnostics;

/// <summary>
/// What can be said of a device and of Metal on this very system: facts, the binding message by message, and small trials of everything that the memory of this plugin stands on.
/// On the device's thread.
/// </summary>
internal sealed class DeviceDiagnosis(IPluginHost host, MetalDriver driver)
{
    private readonly List<DeviceDiagnostic> _found = [];
    private readonly ObjectiveC _runtime = driver.Device.Runtime;
    private readonly MetalDevice _device = driver.Device;

    public IReadOnlyList<DeviceDiagnostic> Run()
    {
        Facts();
        foreach (var row in BindingCheck.Run(_runtime, _device).Rows) _found.Add(Of(row));
        var trials = new MemoryTrials(host, driver);
        Try("a kernel", "simdgroups and threads", trials.Kernel);
        Try("memory", "private buffer, filled and copied", trials.Private);
        Try("memory", "shared buffer, seen by both", trials.Shared);
        Try("memory", "no-copy buffer at the address of host memory", trials.NoCopy);
        if (_device.HasResidencySets) Try("memory", "residency set", trials.Residency);
        else _found.Add(new("memory", "residency set", DiagnosticOutcome.Absent, "macOS 15 brought them"));
        Try("waiting", "shared event with an end to the wait", trials.Event);
        Try("waiting", "times of a command buffer", trials.Times);
        return _found;
    }

    private void Facts()
    {
        Fact("system", "macOS", RuntimeInformation.OSDescription);
        Fact("system", "process", $"{RuntimeInformation.ProcessArchitecture}, pages of {_runtime.PageSize} bytes");
        Fact("device", "name", _device.Name);
        Fact("device", "memory", _device.HasUnifiedMemory ? "that of the host" : "its own");
        Fact("device", "kind", $"{(_device.IsLowPower ? "saves power" : "full power")}, {(_device.IsHeadless ? "no display" : "may drive a display")}");
        Fact("device", "families", string.Join(" ", Enum.GetValues<MTLGPUFamily>().Where(_device.Supports)));
        Fact("limits", "largest buffer", $"{_device.MaxBufferLength} bytes");
        Fact("limits", "recommended working set", $"{_device.RecommendedMaxWorkingSetSize} bytes, {_device.CurrentAllocatedSize} allocated by this process");
        Fact("limits", "threadgroup memory", $"{_device.MaxThreadgroupMemoryLength} bytes");

        void Fact(string group, string subject, string text) => _found.Add(new(group, subject, DiagnosticOutcome.Fact, text));
    }

    private static DeviceDiagnostic Of(BindingRow row)
    {
        var (outcome, text) = row.Finding switch
        {
            BindingFinding.Equal => (DiagnosticOutcome.Passed, row.Found),
            BindingFinding.Forwarded => (DiagnosticOutcome.Passed, "answered; the runtime shows no method to compare with"),
            BindingFinding.AbsentOptional => (DiagnosticOutcome.Absent, "the system is older than it"),
            BindingFinding.Missing => (DiagnosticOutcome.Failed, "there is no such method"),
            BindingFinding.Different => (DiagnosticOutcome.Failed, $"the system has '{row.Found}', the plugin calls '{row.Message.Encoding}'"),
            _ => (DiagnosticOutcome.Absent, "there was no object to ask"),
        };
        return new("interop", row.Message.ToString(), outcome, text);
    }

    private void Try(string group, string subject, Func<string> trial)
    {
        try
        {
            _found.Add(new(group, subject, DiagnosticOutcome.Passed, trial()));
        }
        // Whatever it is, it is what was to be found out.
        catch (Exception failure)
        {
            _found.Add(new(group, subject, DiagnosticOutcome.Failed, failure.Message));
        }
    }
}
