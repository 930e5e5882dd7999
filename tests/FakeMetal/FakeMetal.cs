using Hotplug.Metal.Fake.Objects;
using Hotplug.Metal.Fake.Runtime;
using Hotplug.Metal.Interop;

namespace Hotplug.Metal.Fake;

/// <summary>
/// Stands below the Metal plugin's binding in place of libobjc and Metal: the messages the plugin sends, answered by objects that are counted, on memory
/// of this process, with kernels run by an <see cref="Shaders.IShaderCompiler"/>. It never throws into its caller; what breaks a rule becomes a
/// <see cref="FakeViolation"/>.
/// </summary>
/// <remarks>
/// Committed work runs when it is waited for, never before, in the worst order that its barriers allow. Safe for any thread; one message at a time.
/// Not modelled: time, work of several queues that overlaps, resources without hazard tracking, memory pressure, everything that the binding does not use.
/// </remarks>
public sealed class FakeMetal : IDisposable
{
    private readonly FakeRuntime _runtime;
    private readonly FakeTable _table;

    /// <summary>A Mac with the given properties.</summary>
    public FakeMetal(FakeOptions? options = null)
    {
        _runtime = new(options ?? new());
        lock (_runtime.Gate)
        {
            var devices = Enumerable.Range(0, _runtime.Options.Devices).Select(i => new FakeDevice(_runtime, i)).ToArray();
            _table = new(_runtime, devices);
        }
    }

    /// <summary>What this Mac is like.</summary>
    public FakeOptions Options => _runtime.Options;

    /// <summary>Failures to come.</summary>
    public FakeFaults Faults => _runtime.Faults;

    /// <summary>Rules that were broken so far. Leaks are not among them: see <see cref="Leaks"/>.</summary>
    public IReadOnlyList<FakeViolation> Violations => _runtime.Violations;

    /// <summary>How often each message was sent, by selector.</summary>
    public IReadOnlyDictionary<string, int> Sent => _runtime.Sent;

    /// <summary>Kernels that were run.</summary>
    public int Dispatches
    {
        get
        {
            lock (_runtime.Gate) return _runtime.Dispatches;
        }
    }

    /// <summary>Bytes of all buffers, in whole pages.</summary>
    public ulong AllocatedBytes
    {
        get
        {
            lock (_runtime.Gate) return _runtime.Allocated;
        }
    }

    /// <summary>Residency sets that keep memory resident, each with the bytes of its allocations.</summary>
    public IReadOnlyList<ulong> ResidentBytes
    {
        get
        {
            lock (_runtime.Gate)
                return [.. _runtime.Alive<FakeResidencySet>().Where(s => s.IsResident).Select(s => s.Committed.Aggregate(0ul, (sum, b) => sum + b.Length))];
        }
    }

    /// <summary>What is held now: objects, open pools, command buffers that never ended.</summary>
    public IReadOnlyList<FakeViolation> Leaks
    {
        get
        {
            lock (_runtime.Gate)
            {
                var owned = _runtime.Owned.Select(o => $"{o} is still owned.");
                var pools = _runtime.OpenPools.Select(p => $"A pool of thread {p.Thread} is open.");
                var unended = _runtime.Alive<FakeCommandBuffer>().Where(c => c is { HasPlace: true, IsEnded: false }).Select(c => $"{c} was enqueued and has not ended.");
                return [.. owned.Concat(pools).Concat(unended).Select(t => new FakeViolation(ViolationKind.Leak, t))];
            }
        }
    }

    /// <summary>What the binding is put upon.</summary>
    internal ObjectiveCTable Table => _table.Table;

    /// <summary>A runtime upon this double, which the caller disposes.</summary>
    internal ObjectiveC Open() => new(_table.Table, new Keeper(_table));

    /// <summary>Lets command buffers that hang run at last, with all that was committed behind them.</summary>
    public void Resume()
    {
        lock (_runtime.Gate)
        {
            foreach (var hung in _runtime.Alive<FakeCommandBuffer>().Where(c => c.IsHung).ToArray())
            {
                hung.IsHung = false;
                hung.Run();
            }
        }
    }

    /// <summary>Throws when a rule was broken or something is still held: the end of every test.</summary>
    /// <exception cref="FakeMetalException">All of it.</exception>
    public void Verify()
    {
        FakeViolation[] all = [.. Violations, .. Leaks];
        if (all.Length > 0) throw new FakeMetalException(all);
    }

    /// <summary>Throws when a rule was broken so far, whatever is still held.</summary>
    /// <exception cref="FakeMetalException">All of it.</exception>
    public void VerifyRules()
    {
        if (Violations is { Count: > 0 } broken) throw new FakeMetalException(broken);
    }

    /// <summary>Frees the memory of all objects. The binding must not be used afterwards.</summary>
    public void Dispose()
    {
        lock (_runtime.Gate) _runtime.Free();
        // The functions behind the table must live until here.
        GC.KeepAlive(_table);
    }

    /// <summary>Keeps the functions behind the table alive as long as a runtime calls them.</summary>
    private sealed class Keeper(FakeTable table) : IDisposable
    {
        public void Dispose() => GC.KeepAlive(table);
    }
}
