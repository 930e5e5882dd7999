using Hotplug.Abstractions.Plugins;

namespace Hotplug.Testing.Hosting;

/// <summary>
/// A host for one plugin under test: it counts everything it hands out, keeps what the plugin logs, and fails where it is told to.
/// Members may be called from any thread.
/// </summary>
public sealed class TestPluginHost : IPluginHost, IDisposable
{
    private readonly CancellationTokenSource _lifetime = new();
    private readonly HostFault? _fault;
    private readonly int[] _calls = new int[Enum.GetValues<HostService>().Length];
    private readonly Lock _gate = new();
    private readonly HashSet<TestAllocation> _allocations = [];
    private readonly HashSet<TestWorkerGroup> _workers = [];
    private readonly List<string> _violations = [];
    private readonly TestPluginLog _log;

    /// <summary>Creates a host.</summary>
    /// <param name="directory">Folder of the plugin; by default the folder of the test assembly.</param>
    /// <param name="threadBudget">Threads that the plugin may use.</param>
    /// <param name="fault">A fault to inject, or null.</param>
    public TestPluginHost(string? directory = null, int threadBudget = 2, HostFault? fault = null)
    {
        (Directory, ThreadBudget, _fault) = (directory ?? AppContext.BaseDirectory, threadBudget, fault);
        _log = new TestPluginLog(() => Enter(HostService.Log));
        Metrics = new TestPluginMetrics(() => Enter(HostService.Metrics));
        Lifetime = _lifetime.Token;
    }

    /// <inheritdoc/>
    public ContractVersion Contract => ContractVersion.Current;

    /// <inheritdoc/>
    public string Directory { get; }

    /// <inheritdoc/>
    public int ThreadBudget { get; }

    /// <inheritdoc/>
    public IPluginLog Log => _log;

    /// <inheritdoc/>
    public IPluginMetrics Metrics { get; }

    /// <inheritdoc/>
    public CancellationToken Lifetime { get; }

    /// <summary>Messages the plugin wrote so far.</summary>
    public IReadOnlyList<string> Messages => _log.Messages;

    /// <summary>Allocations not returned yet.</summary>
    public int OpenAllocations { get { lock (_gate) return _allocations.Count; } }

    /// <summary>Bytes not returned yet.</summary>
    public nuint OpenBytes
    {
        get
        {
            nuint bytes = 0;
            lock (_gate)
                foreach (var allocation in _allocations) bytes += allocation.Length;
            return bytes;
        }
    }

    /// <summary>Worker groups not disposed yet.</summary>
    public int OpenWorkerGroups { get { lock (_gate) return _workers.Count; } }

    /// <summary>Managed bytes that tasks allocated on worker threads so far; the caller of a task counts its own.</summary>
    public long AllocatedByWorkers
    {
        get
        {
            long bytes = 0;
            lock (_gate)
                foreach (var group in _workers) bytes += group.AllocatedByWorkers;
            return bytes;
        }
    }

    /// <summary>Rules of the host that the plugin broke so far.</summary>
    public IReadOnlyList<string> Violations { get { lock (_gate) return [.. _violations]; } }

    /// <summary>How often the plugin called a service so far.</summary>
    public int Calls(HostService service) => Volatile.Read(ref _calls[(int)service]);

    /// <summary>Tells the plugin that it is about to be disposed.</summary>
    public void EndLifetime() => _lifetime.Cancel();

    /// <inheritdoc/>
    public IHostAllocation Allocate(nuint bytes, nuint alignment)
    {
        Enter(HostService.Allocate);
        if (bytes == 0 || alignment == 0 || !System.Numerics.BitOperations.IsPow2(alignment))
        {
            var text = $"Allocate({bytes}, {alignment}): at least one byte, and a power of two.";
            Report(text);
            throw new ArgumentException(text);
        }
        var allocation = new TestAllocation(this, bytes, alignment);
        lock (_gate) _allocations.Add(allocation);
        return allocation;
    }

    /// <inheritdoc/>
    public IWorkerGroup CreateWorkers(string name, int count)
    {
        Enter(HostService.CreateWorkers);
        if (count < 1 || count > ThreadBudget)
            Report($"CreateWorkers(\"{name}\", {count}): the thread budget is {ThreadBudget}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var group = new TestWorkerGroup(this, name, count);
        lock (_gate) _workers.Add(group);
        return group;
    }

    /// <summary>What the plugin still holds, for a message; empty if everything is back.</summary>
    public string DescribeLeftovers()
    {
        lock (_gate)
        {
            var parts = new List<string>();
            if (_allocations.Count != 0)
                parts.Add($"{_allocations.Count} host allocations ({string.Join(", ", _allocations.Select(a => a.Length))} bytes)");
            if (_workers.Count != 0)
                parts.Add($"{_workers.Count} worker groups ({string.Join(", ", _workers.Select(w => w.Name))})");
            return string.Join(" and ", parts);
        }
    }

    /// <summary>Takes back by force what the plugin kept, so that one failing test does not disturb the next.</summary>
    public void Dispose()
    {
        TestAllocation[] allocations;
        TestWorkerGroup[] workers;
        lock (_gate) (allocations, workers) = ([.. _allocations], [.. _workers]);
        foreach (var group in workers) group.Dispose();
        foreach (var allocation in allocations) allocation.Dispose();
        _lifetime.Dispose();
    }

    internal void Report(string violation)
    {
        lock (_gate) _violations.Add(violation);
    }

    internal void Returned(TestAllocation allocation)
    {
        lock (_gate) _allocations.Remove(allocation);
    }

    internal void Returned(TestWorkerGroup group)
    {
        lock (_gate) _workers.Remove(group);
    }

    private void Enter(HostService service)
    {
        var call = Interlocked.Increment(ref _calls[(int)service]);
        if (_fault is { } fault && fault.Service == service && call >= fault.Call)
            throw new InjectedFaultException(fault);
    }
}
