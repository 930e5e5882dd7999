using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Models;

namespace Hotplug.Inference.Telemetry;

/// <summary>The instruments of models and generations; docs/telemetry.md lists them. Nothing is measured that nobody listens to.</summary>
public static class InferenceMeter
{
    /// <summary>Name of the meter and of the source of activities, to be named by whoever collects.</summary>
    public const string Name = "Hotplug.Inference";

    private const string Seconds = "s", Bytes = "By", Requests = "{request}", Tokens = "{token}", Slots = "{slot}";

    private static readonly Meter Meter = new(Name);
    private static readonly ConcurrentDictionary<ModelHost, byte> Hosts = new(ReferenceEqualityComparer.Instance);
    private static readonly ConcurrentDictionary<GenerationScheduler, byte> Schedulers = new(ReferenceEqualityComparer.Instance);

    internal static readonly ActivitySource Activities = new(Name);

    internal static readonly Histogram<double> RequestDuration = Histogram(GenAiNames.RequestDuration, "From the request to its end, waiting included.", GenAiNames.Requests);
    internal static readonly Histogram<double> TimeToFirstToken = Histogram(GenAiNames.TimeToFirstToken, "From the request to its first token, waiting included.", GenAiNames.FirstTokens);
    internal static readonly Histogram<double> TimePerOutputToken = Histogram(GenAiNames.TimePerOutputToken, "Mean time of a token after the first, of each request that went well.", GenAiNames.Tokens);
    internal static readonly Histogram<double> TokenInterval = Histogram("hotplug.token.interval", "Time between a token and the next of the same text.", GenAiNames.Tokens);
    internal static readonly Histogram<double> QueueWait = Histogram("hotplug.queue.wait", "Time that a request waited for a slot.", GenAiNames.Requests);
    internal static readonly Counter<long> QueueRejections = Meter.CreateCounter<long>("hotplug.queue.rejections", Requests, "Requests refused because the queue was full.");
    internal static readonly Counter<long> Generations = Meter.CreateCounter<long>("hotplug.generations", Requests, "Texts that ended, by how.");
    internal static readonly Counter<long> TokenCount = Meter.CreateCounter<long>("hotplug.tokens", Tokens, "Tokens of prompts (input) and of texts (output).");
    internal static readonly Counter<long> EvaluatedTokens = Meter.CreateCounter<long>("hotplug.tokens.evaluated", Tokens, "Tokens evaluated by the model: fewer than there are where a beginning was known.");

    static InferenceMeter()
    {
        Observe("hotplug.queue.length", Requests, "Requests that wait for a slot.", static s => s.Waiting);
        Observe("hotplug.slots.busy", Slots, "Slots that write a text.", static s => s.Writing);
        Observe("hotplug.slots", Slots, "Slots there are.", static s => s.Slots);
        Meter.CreateObservableUpDownCounter("hotplug.memory.mapped", static () => Hosts.Keys.Sum(static h => h.Space.Usage.MappedBytes), Bytes, "Bytes of model files mapped.");
        Meter.CreateObservableUpDownCounter("hotplug.memory.committed", static () => Hosts.Keys.Sum(static h => h.Space.Usage.CommittedBytes), Bytes, "Bytes of private host memory.");
        Meter.CreateObservableUpDownCounter("hotplug.memory.locked", static () => Hosts.Keys.Sum(static h => h.Space.Usage.LockedBytes), Bytes, "Bytes locked in memory.");
        Meter.CreateObservableUpDownCounter("hotplug.memory.device", OnDevices, Bytes, "Bytes on devices, outside of host memory, by model and device.");
    }

    internal static void Add(ModelHost host) => Hosts.TryAdd(host, 0);

    internal static void Remove(ModelHost host) => Hosts.TryRemove(host, out _);

    internal static void Add(GenerationScheduler scheduler) => Schedulers.TryAdd(scheduler, 0);

    internal static void Remove(GenerationScheduler scheduler) => Schedulers.TryRemove(scheduler, out _);

    private static Histogram<double> Histogram(string name, string description, double[] bounds)
        => Meter.CreateHistogram(name, Seconds, description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });

    private static void Observe(string name, string unit, string description, Func<GenerationScheduler, int> read)
        => Meter.CreateObservableUpDownCounter(name, () => Schedulers.Keys.Select(s => new Measurement<int>(read(s), new KeyValuePair<string, object?>(GenAiNames.ModelTag, s.Name))), unit, description);

    private static IEnumerable<Measurement<long>> OnDevices()
    {
        foreach (var model in Hosts.Keys.SelectMany(static h => h.Models))
        {
            Measurement<long>[] devices;
            try
            {
                devices = [.. model.Executor.Receipt.Parts.Where(static p => p.OnDevice > 0).GroupBy(static p => p.Device)
                    .Select(d => new Measurement<long>(d.Sum(static p => p.OnDevice), new("hotplug.model", model.Name), new("hotplug.device", d.Key)))];
            }
            catch (ObjectDisposedException)
            {
                // It went while it was looked at.
                continue;
            }
            foreach (var device in devices) yield return device;
        }
    }
}
