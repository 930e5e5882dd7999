using Hotplug.Abstractions.Plugins;

namespace Hotplug.Tests;

/// <summary>The least a plugin can be: it says that it cannot run.</summary>
public sealed class UnavailablePlugin : IBackendPlugin
{
    /// <inheritdoc/>
    public ProbeResult Probe(IPluginHost host) => ProbeResult.Unavailable("it is only a test");

    /// <inheritdoc/>
    public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
        => throw new InvalidOperationException("Probe said that it cannot run.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
