using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;
using Hotplug.Accelerators.Settings;
using Hotplug.Metal;
using Hotplug.Metal.Interop.Loading;

[assembly: BackendPlugin("metal", typeof(MetalPlugin), "1.0")]

namespace Hotplug.Metal;

/// <summary>Entry of the plugin: Apple's graphics processors.</summary>
public sealed class MetalPlugin : IBackendPlugin
{
    private readonly Func<LoadResult> _load;
    private readonly TimeProvider _time;

    /// <summary>For the host.</summary>
    public MetalPlugin() : this(MetalLoader.Load, TimeProvider.System) { }

    /// <summary>For tests: another system below the binding, and another clock.</summary>
    internal MetalPlugin(Func<LoadResult> load, TimeProvider time) => (_load, _time) = (load, time);

    /// <inheritdoc/>
    public ProbeResult Probe(IPluginHost host)
    {
        var loaded = _load();
        using var runtime = loaded.Runtime;
        return runtime is null ? ProbeResult.Unavailable($"not available: {loaded.Reason}") : ProbeResult.Available(200, "the Metal framework is there");
    }

    /// <inheritdoc/>
    /// <remarks>Settings, for each device: <c>memory</c>, the most bytes to take; <c>max-allocation</c>, the largest buffer.</remarks>
    public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var parsed = DeviceSettings.Parse("metal", settings);
        var loaded = _load();
        if (loaded.Runtime is not { } runtime) throw new UnsupportedException(loaded.Reason);
        try
        {
            return ValueTask.FromResult<IBackend>(new MetalBackend(host, parsed, runtime, _time));
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
