using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.KvCache;
using Hotplug.Testing.Fixtures;

namespace Hotplug.Testing.Graphs;

/// <summary>Sequences on one pool of pages of a device.</summary>
internal sealed class CacheSession : IDisposable
{
    private readonly DeviceRunner _runner;
    private readonly GraphCase _graph;

    public CacheSession(BackendRun run, IDevice device, KvCacheSpec spec, GraphCase graph, int pageCount)
    {
        _graph = graph;
        Cache = new DeviceKvCache(run, device, spec, pageCount);
        _runner = new DeviceRunner(run, device, graph, cache: Cache);
    }

    public DeviceKvCache Cache { get; }

    /// <summary>Appends tokens of one sequence, of which those before <paramref name="first"/> are cached, and attends.</summary>
    public float[] Step(CacheData data, int[] pages, int first, int count) => Step([(data, pages)], first, count);

    /// <summary>The same for several sequences at once.</summary>
    public float[] Step((CacheData Data, int[] Pages)[] sequences, int first, int count) => _runner.Run(new CaseStep
    {
        TokenIds = new int[count * sequences.Length],
        Positions = [.. sequences.SelectMany(_ => Enumerable.Range(first, count))],
        Sequences = [.. sequences.Select((sequence, i) => new SequenceStep
        {
            FirstRow = i * count,
            RowCount = count,
            FirstPage = sequences.Take(i).Sum(other => other.Pages.Length),
            PageCount = sequence.Pages.Length,
            CachedLength = first,
        })],
        Pages = [.. sequences.SelectMany(sequence => sequence.Pages)],
        Inputs = [.. _graph.Inputs.Select((_, input) => sequences.SelectMany(sequence => sequence.Data.Rows(input, first, count)).ToArray())],
    })[0];

    public void Dispose() => _runner.Dispose();
}
