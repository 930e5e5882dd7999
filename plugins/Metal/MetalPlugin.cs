using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;
using Hotplug.Metal;
using Hotplug.Metal.Interop.Loading;

[assembly: BackendPlugin("metal", typeof(MetalPlugin), "1.0")]

namespace Hotplug.Metal;

/// <summary>Entry of the plugin: Apple's graphics processors.</summary>
public sealed class MetalPlugin : IBackendPlugin
{
    private readonly Func<LoadResult> _load;

    /// <summary>For the host.</summary>
    public MetalPlugin() => _load = MetalLoader.Load;

    /// <summary>For tests: another system below the binding.</summary>
    internal MetalPlugin(Func<LoadResult> load) => _load = load;

    /// <inheritdoc/>
    public ProbeResult Probe(IPluginHost host)
    {
        var loaded = _load();
        using var runtime = loaded.Runtime;
        return runtime is null ? ProbeResult.Unavailable(loaded.Reason) : ProbeResult.Available(200, "the Metal framework is there");
    }

    /// <inheritdoc/>
    /// <remarks>Settings, for each device: <c>memory</c>, the most bytes to take; <c>max-allocation</c>, the largest buffer.</remarks>
    public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var parsed = MetalSettings.Parse(settings);
        var loaded = _load();
        if (loaded.Runtime is not { } runtime) throw new UnsupportedException(loaded.Reason);
        try
        {
            return ValueTask.FromResult<IBackend>(new MetalBackend(host, parsed, runtime));
        }
        catch
        {
            runtime.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
