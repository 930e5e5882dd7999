using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;
using Hotplug.Metal.Fake;
using Hotplug.Metal.Fake.Shaders;
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

    // Whether kernels are to compute, and need a compiler, only the settings tell.
    /// <inheritdoc/>
    public ProbeResult Probe(IPluginHost host) => ProbeResult.Available(1, "A double of Metal that runs kernels on the processor; for tests.");

    /// <inheritdoc/>
    /// <remarks>Settings: those of <see cref="MacSettings"/>, and those of the plugin metal.</remarks>
    /// <exception cref="UnsupportedException">Kernels are to compute, and there is no compiler for them.</exception>
    public async ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        var mac = MacSettings.Read(settings, out var others);
        if (!mac.Idle && Toolchain.Current.Unavailable is { } reason) throw new UnsupportedException(reason);
        await DisposeAsync();
        IShaderCompiler compiler = mac.Idle ? new IdleCompiler() : new MslCompiler(new() { Checked = mac.Checked, Workers = mac.Checked ? 1 : host.ThreadBudget });
        var plugin = _plugin = new FakeMetalPlugin(mac.Options with { Compiler = compiler });
        host.Log.Write(PluginLogLevel.Information, $"A double of Metal: {(mac.Options.Unified ? "unified" : "discrete")} memory, pages of {mac.Options.PageSize} bytes, largest buffer {mac.Options.MaxBufferLength}.");
        return new DoubleBackend(await plugin.CreateAsync(host, others, cancellation));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _plugin, null) is { } plugin ? plugin.DisposeAsync() : ValueTask.CompletedTask;
}
