using Hotplug.Runtime.Faults;
using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Plugins.Loading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hotplug.Runtime.Plugins.Services;

/// <summary>
/// What one plugin has from its host. Everything handed out is entered in a ledger; what is not back when the host is closed is taken back and reported.
/// Can be made without a catalogue, to run a backend in a test.
/// </summary>
public sealed class PluginHost : IPluginHost, IDisposable
{
    private readonly HostLedger _ledger = new();
    private readonly CancellationTokenSource _lifetime = new();
    private readonly string _id;
    private int _closed;

    /// <summary>Creates the host of a plugin.</summary>
    /// <param name="id">Id of the plugin.</param>
    /// <param name="directory">The folder it was loaded from.</param>
    /// <param name="threads">Threads that computing may use, at least 1; null for <see cref="DefaultThreads"/>.</param>
    /// <param name="logger">Takes its messages; null for nowhere.</param>
    public PluginHost(string id, string directory, int? threads = null, ILogger? logger = null)
    {
        var budget = threads ?? DefaultThreads;
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1, nameof(threads));
        (_id, Directory, ThreadBudget) = (id, directory, budget);
        Log = new PluginLog(logger ?? NullLogger.Instance, id);
        Metrics = new PluginMetrics(id);
        Lifetime = _lifetime.Token;
    }

    /// <summary>Threads used when nothing is configured: the processors this process may use.</summary>
    public static int DefaultThreads => Math.Max(1, Environment.ProcessorCount);

    /// <inheritdoc/>
    public ContractVersion Contract => ContractVersion.Current;

    /// <inheritdoc/>
    public string Directory { get; }

    /// <inheritdoc/>
    public int ThreadBudget { get; }

    /// <inheritdoc/>
    public IPluginLog Log { get; }

    /// <inheritdoc/>
    public IPluginMetrics Metrics { get; }

    /// <inheritdoc/>
    public CancellationToken Lifetime { get; }

    /// <summary>What is out at this moment.</summary>
    public HostLedgerTotals Outstanding => _ledger.Totals();

    /// <inheritdoc/>
    public IHostAllocation Allocate(nuint bytes, nuint alignment) => _ledger.Add(() => HostAllocation.Create(_ledger, bytes, alignment));

    /// <inheritdoc/>
    public IWorkerGroup CreateWorkers(string name, int count)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return _ledger.Add(() => new WorkerGroup($"{_id}-{name}", count, _ledger));
    }

    /// <summary>Tells the plugin that it is about to be disposed.</summary>
    /// <returns>What its reactions threw, as text; null if nothing.</returns>
    public string? SignalEnd()
    {
        try
        {
            _lifetime.Cancel();
            return null;
        }
        // Registrations are plugin code.
        catch (Exception thrown)
        {
            return BackendCall.Translate($"Plugin '{_id}'", "a reaction to the end of its lifetime", thrown).Message;
        }
    }

    /// <summary>Takes back what is still out. Call it after the plugin was disposed.</summary>
    /// <returns>What was still out.</returns>
    public HostLedgerTotals Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return default;
        SignalEnd();
        _lifetime.Dispose();
        return _ledger.Close();
    }

    /// <summary>The same as <see cref="Close"/>.</summary>
    public void Dispose() => Close();
}
