namespace Hotplug.Abstractions.Plugins;

/// <summary>
/// What a plugin has from its host: memory, threads, a log, metrics and a lifetime. What was handed out is counted and must be back when the plugin has been
/// disposed. Members may be called from any thread.
/// </summary>
public interface IPluginHost
{
    /// <summary>Contract version of the host.</summary>
    ContractVersion Contract { get; }

    /// <summary>The folder the plugin was loaded from: native libraries and data files are found here.</summary>
    string Directory { get; }

    /// <summary>Threads that computing may use, the caller of <see cref="IWorkerGroup.Run"/> included: the host's setting, at least 1.</summary>
    int ThreadBudget { get; }

    /// <summary>Takes messages for the host's log.</summary>
    IPluginLog Log { get; }

    /// <summary>Takes measurements.</summary>
    IPluginMetrics Metrics { get; }

    /// <summary>Cancelled when the plugin is about to be disposed.</summary>
    CancellationToken Lifetime { get; }

    /// <summary>Allocates zeroed host memory for the plugin's own use: tables, staging, scratch that is not part of a slice's workspace.</summary>
    /// <param name="bytes">Bytes, at least 1.</param>
    /// <param name="alignment">A power of two.</param>
    /// <exception cref="OutOfMemoryException">No room.</exception>
    IHostAllocation Allocate(nuint bytes, nuint alignment);

    /// <summary>Starts worker threads.</summary>
    /// <param name="name">Name of the threads, for diagnostics.</param>
    /// <param name="count">Workers, the caller of <see cref="IWorkerGroup.Run"/> included; at least 1.</param>
    IWorkerGroup CreateWorkers(string name, int count);
}
