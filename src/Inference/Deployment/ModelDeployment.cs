using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Placement;

namespace Hotplug.Inference.Deployment;

/// <summary>
/// A model at one place: the leases on the backends of its plan, and the executor. Its model exchanges it as a whole; sessions stand on one. Once retired it holds nothing of a backend, whoever keeps it.
/// </summary>
public sealed class ModelDeployment
{
    private static int _numbers;

    private ModelExecutor? _executor;
    private LeasedDevices? _devices;

    internal ModelDeployment(ModelOptions options, ModelExecutor executor, LeasedDevices devices)
    {
        (Options, _executor, _devices) = (options, executor, devices);
        Number = Interlocked.Increment(ref _numbers);
        var generations = devices.Generations.ToDictionary(g => g.Backend, g => g.Generation);
        Place = string.Join(" + ", executor.Plan.Devices.Select(d => $"{d.Name} (generation {generations[d.Backend]})"));
        Backends = [.. executor.Plan.Devices.Select(d => d.Backend).Distinct()];
    }

    /// <summary>Number of the deployment, rising within the process.</summary>
    public int Number { get; }

    /// <summary>The options it was planned with.</summary>
    public ModelOptions Options { get; }

    /// <summary>Devices and generations, for people.</summary>
    public string Place { get; }

    /// <summary>Ids of the backends that run it.</summary>
    public IReadOnlyList<string> Backends { get; }

    /// <summary>Whether it took over from a place that failed, and is another than was asked for.</summary>
    public bool IsFallback { get; internal set; }

    /// <summary>What is wrong with it although nothing could take over, or null.</summary>
    public string? Problem => FaultReason;

    /// <summary>Runs steps.</summary>
    /// <exception cref="ObjectDisposedException">It was retired.</exception>
    public ModelExecutor Executor => _executor ?? throw new ObjectDisposedException($"deployment {Number}");

    /// <summary>What was said of it when it was asked first, or null.</summary>
    internal DeploymentReport? Report { get; set; }

    internal LeasedDevices Devices => _devices ?? throw new ObjectDisposedException($"deployment {Number}");

    /// <summary>Sessions on it, and loads that stand beside it. Under the model's turn.</summary>
    internal int Users { get; set; }

    /// <summary>Whether it goes as soon as it has no users. Under the model's turn.</summary>
    internal bool IsLeaving { get; set; }

    /// <summary>Whether nothing could take over from it: it is used as well as it can be. Under the model's turn.</summary>
    internal bool IsStranded { get; set; }

    /// <summary>What is wrong with it, or null. Allocates nothing.</summary>
    internal string? FaultReason => _devices is { } devices ? devices.FaultReason : "it was given up";

    /// <summary>Ids of its backends that have failed.</summary>
    internal IReadOnlySet<string> FaultedBackends => _devices?.FaultedBackends.ToHashSet() ?? [];

    /// <summary>Gives everything back; while a call hangs on one of its devices, everything is kept, and the leases say so.</summary>
    internal void Retire()
    {
        var devices = Release();
        devices?.Dispose();
    }

    /// <summary>Gives back what it loaded and hands over the leases: null if a call hangs, which keeps both.</summary>
    internal LeasedDevices? Release()
    {
        var (executor, devices) = (Interlocked.Exchange(ref _executor, null), Interlocked.Exchange(ref _devices, null));
        if (executor is null) return devices;
        executor.Dispose();
        if (!executor.IsHung) return devices;
        // What is not reachable would be finalised under the hands of the call.
        DeviceLanes.Keep(executor, devices!);
        return null;
    }
}
