using Hotplug.Abstractions.Plugins;
using Hotplug.Metal.Fake;
using Hotplug.MetalDouble;
using Hotplug.MslExecutor;

[assembly: BackendPlugin("metal-double", typeof(MetalDoublePlugin), "1.0")]

namespace Hotplug.MetalDouble;

/// <summary>
/// All of the plugin metal, on a machine without Metal: below its binding stands a double, and the kernels that ship are compiled for the processor. A broken rule fails the
/// next work with its text; what is still held at the end is a fault of the disposal.
/// </summary>
public sealed class MetalDoublePlugin : IBackendPlugin
{
    private FakeMetalPlugin? _plugin;

    /// <inheritdoc/>
    public ProbeResult Probe(IPluginHost host)
        => Toolchain.Current.Unavailable is { } reason ? ProbeResult.Unavailable(reason)
            : ProbeResult.Available(1, "A double of Metal that runs kernels on the processor; for tests.");

    /// <inheritdoc/>
    /// <remarks>Settings: those of <see cref="MacSettings"/>, and those of the plugin metal.</remarks>
    public async ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        var mac = MacSettings.Read(settings, out var others);
        await DisposeAsync();
        var plugin = _plugin = new FakeMetalPlugin(mac.Options with { Compiler = new MslCompiler(new() { Checked = mac.Checked, Workers = mac.Checked ? 1 : host.ThreadBudget }) });
        host.Log.Write(PluginLogLevel.Information, $"A double of Metal: {(mac.Options.Unified ? "unified" : "discrete")} memory, pages of {mac.Options.PageSize} bytes, largest buffer {mac.Options.MaxBufferLength}.");
        return await plugin.CreateAsync(host, others, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _plugin, null) is { } plugin ? plugin.DisposeAsync() : ValueTask.CompletedTask;
}
