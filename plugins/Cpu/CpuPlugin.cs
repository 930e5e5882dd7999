using Hotplug.Abstractions.Plugins;

namespace Hotplug.Cpu;

/// <summary>Entry of the plugin: the processor the host runs on, through its vector units and the host's worker threads.</summary>
public sealed class CpuPlugin : IBackendPlugin
{
    /// <inheritdoc/>
    public ProbeResult Probe(IPluginHost host)
        => ProbeResult.Available(100, $"{ProcessorName.Read()}, {InstructionSets.Best.Describe()}, {host.ThreadBudget} threads");

    /// <inheritdoc/>
    /// <remarks>Settings: <c>threads</c>, 1 to 1024, default the host's budget; <c>isa</c>, one of auto, avx512, avx2, vector128; <c>activations</c>, the bits of
    /// activations that are multiplied by quantised weights, 16 (default) or 8.</remarks>
    public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var parsed = CpuSettings.Parse(settings, host.ThreadBudget);
        return ValueTask.FromResult<IBackend>(new CpuBackend(host, parsed));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
