using Hotplug.Abstractions.Plugins;
using Hotplug.FarMemory;
using Hotplug.FarMemory.Faults;

[assembly: BackendPlugin("far", typeof(FarPlugin), "1.0")]

namespace Hotplug.FarMemory;

/// <summary>
/// A device whose memory the host cannot see: bytes behind handles, small allocations, wide alignments, layouts of its own for weights and cache,
/// and work that is not done before somebody waits for it. It computes with the scalar reference; everything else about it is as unlike a CPU as the contract allows.
/// </summary>
public sealed class FarPlugin : IBackendPlugin
{
    private FarFaults _faults = FarFaults.None;

    /// <inheritdoc/>
    public ProbeResult Probe(IPluginHost host) => ProbeResult.Available(1, "Emulated in the memory of the process; for tests.");

    /// <inheritdoc/>
    public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var read = FarSettings.Read(settings);
        _faults = read.Faults;
        if (_faults.At(FarCall.Create)) return ValueTask.FromResult<IBackend>(null!);
        host.Log.Write(PluginLogLevel.Information, $"Far memory: {read.Memory} bytes, largest allocation {read.MaxAllocation}, {(read.Async ? "asynchronous" : "synchronous")}.");
        return ValueTask.FromResult<IBackend>(new FarBackend(read, host.Log));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _faults.At(FarCall.DisposePlugin);
        return ValueTask.CompletedTask;
    }
}
