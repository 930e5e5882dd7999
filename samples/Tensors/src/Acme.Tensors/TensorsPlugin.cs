using Acme.Tensors;
using Hotplug.Abstractions.Plugins;
using Hotplug.Accelerators.Settings;

[assembly: BackendPlugin("tensors", typeof(TensorsPlugin), contract: "1.0")]

namespace Acme.Tensors;

/// <summary>The entry of the plugin.</summary>
public sealed class TensorsPlugin : IBackendPlugin
{
    /// <inheritdoc/>
    public ProbeResult Probe(IPluginHost host)
        => ProbeResult.Available(1, "Runs on any processor, as an example; cpu is faster.") with { OnlyWhenNamed = true };

    /// <inheritdoc/>
    public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var parsed = DeviceSettings.Parse("tensors", settings);
        return ValueTask.FromResult<IBackend>(new TensorsBackend(host, parsed, host.CreateWorkers("tensors", host.ThreadBudget)));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
