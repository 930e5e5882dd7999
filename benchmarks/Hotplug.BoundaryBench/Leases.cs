using BenchmarkDotNet.Attributes;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.BoundaryBench;

/// <summary>Leases: taken once per model and request, and what a step asks of the one that is held.</summary>
public class Leases
{
    private NoopBackend _backend = null!;
    private BackendLease _lease = null!;

    [GlobalSetup]
    public void Open()
    {
        _backend = new NoopBackend(LoadContext.Unloadable);
        _lease = _backend.Slot.Acquire("benchmark");
    }

    [GlobalCleanup]
    public void Close()
    {
        _lease.Dispose();
        _backend.Dispose();
    }

    /// <summary>Once per request.</summary>
    [Benchmark]
    public void TakeAndReturn() => _backend.Slot.Acquire("benchmark").Dispose();

    /// <summary>Once per step: is the generation that is held still the one that takes work?</summary>
    [Benchmark]
    public bool IsCurrent() => ReferenceEquals(_backend.Slot.Current, _lease.Generation);
}
