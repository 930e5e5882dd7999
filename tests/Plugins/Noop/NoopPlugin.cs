using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;

[assembly: BackendPlugin("noop", typeof(Hotplug.Tests.Noop.NoopPlugin), contract: "1.0")]

namespace Hotplug.Tests.Noop;

/// <summary>A backend whose device does nothing.</summary>
public sealed class NoopPlugin : IBackendPlugin, IBackend
{
    /// <inheritdoc/>
    public BackendInfo Info { get; } = new() { Id = "noop", Name = "No operation", Version = "1" };

    /// <inheritdoc/>
    public IReadOnlyList<IDevice> Devices { get; } = [new NoopDevice()];

    /// <inheritdoc/>
    public ProbeResult Probe(IPluginHost host) => ProbeResult.Available(1, "Needs nothing.") with { OnlyWhenNamed = true };

    /// <inheritdoc/>
    public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation) => ValueTask.FromResult<IBackend>(this);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
