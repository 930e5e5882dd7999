using System.Runtime.CompilerServices;
using Hotplug.Runtime.Faults;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Plugins.Loading;

namespace Hotplug.Runtime.Plugins.Slots;

public sealed partial class BackendGeneration
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Instantiate() => _plugin = _context!.CreateInstance();

    /// <summary>Asks the plugin whether it can run here. Once: the answer is kept.</summary>
    /// <exception cref="BackendFaultException">It threw; the generation is faulted.</exception>
    internal ProbeResult AskProbe()
    {
        if (Probe is { } known) return known;
        try
        {
            var answer = BackendCall.Invoke($"Plugin '{Id}'", "Probe", (Plugin: _plugin!, Host: _host), static p =>
            {
                var said = p.Plugin.Probe(p.Host);
                // The list may be the plugin's own type: only text is kept.
                return said with { Reasons = [.. said.Reasons.Select(r => r ?? "")] };
            });
            if (answer.Score < 0) throw Defect("Probe", $"it returned the score {answer.Score}; 0 says that it cannot run, more that it can.");
            Probe = answer;
            return answer;
        }
        catch (BackendFaultException fault)
        {
            Quarantine(fault.Message);
            throw;
        }
    }

    /// <summary>Opens the devices and starts taking work.</summary>
    /// <exception cref="BackendFaultException">It threw, or what it returned is not a backend; the generation is faulted.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal async ValueTask OpenAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        try
        {
            await CreateAsync(settings, cancellation).ConfigureAwait(false);
            Describe();
        }
        catch (Exception failure) when (failure is BackendFaultException or OperationCanceledException)
        {
            Quarantine(failure.Message);
            throw;
        }
        _lifecycle.Step(BackendState.Warm, $"{DeviceInfos.Count} {(DeviceInfos.Count == 1 ? "device is" : "devices are")} open: {string.Join(", ", DeviceInfos.Select(d => $"{d.Id} ({d.Name})"))}");
        _lifecycle.Step(BackendState.Active, "it takes work");
    }

    private async ValueTask CreateAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var own = new Dictionary<string, string>(settings, StringComparer.OrdinalIgnoreCase).AsReadOnly();
        var made = await BackendCall.InvokeAsync($"Plugin '{Id}'", "CreateAsync", (Plugin: _plugin!, Host: _host, Settings: own, Cancellation: cancellation, Id), static async p =>
        {
            try
            {
                return await p.Plugin.CreateAsync(p.Host, p.Settings, p.Cancellation).ConfigureAwait(false);
            }
            catch (ArgumentException refused)
            {
                // The contract's way to refuse settings; thrown on as what it is, not as a defect.
                throw new UnsupportedException($"{refused.Message} Correct the settings of this backend (configuration Hotplug:Backends:{p.Id}).");
            }
        }, cancellation).ConfigureAwait(false);
        _backend = made ?? throw Defect("CreateAsync", "it returned null.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Describe()
    {
        var (info, devices, infos) = BackendCall.Invoke($"Plugin '{Id}'", "Info and Devices", _backend!, static backend =>
        {
            var all = backend.Devices?.ToArray();
            var said = backend.Info;
            // Lists may be of the plugin's own types, and what is stated of devices is kept after the plugin is gone: the host makes its own.
            if (said is not null) said = said with { Refused = [.. (said.Refused ?? []).Select(r => new RefusedDevice(r?.Name ?? "", r?.Reason ?? ""))] };
            return (said, all, all?.Select(d => d?.Info is { } device ? device with { KvTypes = [.. device.KvTypes ?? []] } : null).ToArray());
        });
        if (info is null) throw Defect("Info", "it is null.");
        if (info.Id != Id) throw Defect("Info", $"it says id '{info.Id}', and the plugin's id is '{Id}'.");
        if (devices is not { Length: > 0 }) throw Defect("Devices", "there are none; a backend without devices says so in Probe.");
        if (Array.Exists(infos!, i => i is null)) throw Defect("Devices", "a device, or its Info, is null.");
        foreach (var device in infos!)
            if (string.IsNullOrWhiteSpace(device!.Id) || device.Id.Contains(':')) throw Defect("Devices", $"the device id '{device.Id}' is empty or has a colon.");
        if (infos!.GroupBy(i => i!.Id).FirstOrDefault(g => g.Count() > 1) is { } twice) throw Defect("Devices", $"two devices have the id '{twice.Key}'.");
        (Info, _devices, DeviceInfos) = (info, devices, infos!);
    }

    private BackendFaultException Defect(string call, string reason) => new(FaultKind.Defect, $"Plugin '{Id}'", call, reason);
}
