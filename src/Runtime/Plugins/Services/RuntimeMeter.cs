using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Hotplug.Runtime.Plugins.Services;

/// <summary>The instruments of the runtime. They are the host's: an instrument made by a plugin would keep it loaded.</summary>
public static class RuntimeMeter
{
    /// <summary>Name of the meter, to be named by whoever collects.</summary>
    public const string Name = "Hotplug.Runtime";

    /// <summary>Prefix of the instruments that plugins feed.</summary>
    public const string PluginPrefix = "hotplug.plugin.";

    /// <summary>Tag with the id of the backend.</summary>
    public const string BackendTag = "hotplug.backend.id";

    /// <summary>Tag with the number of a backend's generation.</summary>
    public const string GenerationTag = "hotplug.backend.generation";

    /// <summary>Tag with the state that a generation came to.</summary>
    public const string StateTag = "hotplug.backend.state";

    /// <summary>Tag with what became of something.</summary>
    public const string OutcomeTag = "hotplug.outcome";

    // A plugin that makes up names must not fill the host's memory with instruments.
    private const int MaxPluginInstruments = 256;

    private static readonly Meter Meter = new(Name);
    private static readonly ConcurrentDictionary<string, Counter<long>?> Counters = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, Histogram<double>?> Histograms = new(StringComparer.Ordinal);

    internal static readonly Counter<long> Transitions = Meter.CreateCounter<long>("hotplug.backend.transitions", description: "Changes of a backend's state.");
    internal static readonly Counter<long> Rejections = Meter.CreateCounter<long>("hotplug.plugin.rejections", description: "Plugin folders that were rejected.");
    internal static readonly Counter<long> Swaps = Meter.CreateCounter<long>("hotplug.backend.swaps", description: "Exchanges of a backend's generation.");
    internal static readonly Counter<long> Deployments = Meter.CreateCounter<long>("hotplug.model.deployments", description: "Changes of where a model runs.");
    internal static readonly Counter<long> Sessions = Meter.CreateCounter<long>("hotplug.session.moves", description: "Sessions put on another deployment of their model.");

    // Observed, and so right also for who begins to listen when leases are out.
    private static readonly ConcurrentDictionary<string, StrongBox<long>> LeasesOut = new(StringComparer.Ordinal);

    /// <summary>Where activities of the runtime come from: swaps, changes of places, failovers.</summary>
    internal static readonly ActivitySource Activities = new(Name);

    static RuntimeMeter() => Meter.CreateObservableUpDownCounter("hotplug.backend.leases",
        static () => LeasesOut.Select(static l => new Measurement<long>(Volatile.Read(ref l.Value.Value), new KeyValuePair<string, object?>(BackendTag, l.Key))), description: "Leases on backends.");

    /// <summary>Counts leases that are given, or with a minus returned.</summary>
    internal static void CountLeases(string backend, long change) => Interlocked.Add(ref LeasesOut.GetOrAdd(backend, static _ => new()).Value, change);

    internal static Counter<long>? PluginCounter(string name)
        => Counters.TryGetValue(name, out var known) ? known : Counters.Count >= MaxPluginInstruments ? null
            : Counters.GetOrAdd(name, static n => Meter.CreateCounter<long>(PluginPrefix + n));

    internal static Histogram<double>? PluginHistogram(string name)
        => Histograms.TryGetValue(name, out var known) ? known : Histograms.Count >= MaxPluginInstruments ? null
            : Histograms.GetOrAdd(name, static n => Meter.CreateHistogram<double>(PluginPrefix + n));
}
