using Hotplug.Abstractions.Faults;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.Inference.Deployment;

/// <summary>Plans and loads deployments of a model. Thread-safe.</summary>
/// <param name="catalog">The backends.</param>
/// <param name="space">The address space of all models.</param>
/// <param name="lanes">The lanes of all devices.</param>
/// <param name="callTimeout">How long a call into a device may take before it is given up, and how long all that devices are asked for a plan.</param>
internal sealed class DeploymentLoader(IBackendCatalog catalog, AddressSpace space, DeviceLanes lanes, TimeSpan callTimeout)
{
    public IBackendCatalog Catalog => catalog;

    /// <summary>Opens devices, plans and loads.</summary>
    /// <param name="source">The model.</param>
    /// <param name="files">Its files, open as long as the deployment.</param>
    /// <param name="options">How.</param>
    /// <param name="origin">Where else things come from.</param>
    /// <param name="planned">Told of the plan before it is executed; may be null.</param>
    /// <param name="progress">Told of bytes; may be null.</param>
    /// <param name="cancellation">Stops it; nothing stays behind.</param>
    public async Task<ModelDeployment> LoadAsync(ModelSource source, IReadOnlyList<WeightFile> files, ModelOptions options, DeploymentOrigin origin,
        Action<LoadPlan>? planned = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var owner = $"model {source.Name}";
        var devices = origin.Devices ?? await LeasedDevices.OpenAsync(catalog, options.Placement, owner, cancellation, origin.Staged, origin.Except, callTimeout).ConfigureAwait(false);
        try
        {
            var plan = await PlanAsync(source, files, options, devices, origin.Beside).ConfigureAwait(false);
            planned?.Invoke(plan);
            plan = devices.KeepOnly(plan);
            // Each call of it into a device has its own bound.
            var executor = await ThreadOfItsOwn.RunAsync(() => ModelExecutorLoader.Load(plan, files, space, lanes, progress, cancellation, origin.Beside?.Weights,
                (device, fault, hangs) => Blame(devices, device, fault, hangs))).ConfigureAwait(false);
            return new ModelDeployment(options, executor, devices);
        }
        catch
        {
            // Devices that were handed in stay the caller's. A generation of which a call has not come back keeps what it has, whoever returns leases.
            if (origin.Devices is null) devices.Dispose();
            throw;
        }
    }

    /// <summary>What a failure while loading says of a device: that it is lost, or that it does not answer. A wrong answer, or memory that is short, may be this model's.</summary>
    private static void Blame(LeasedDevices devices, PlacementDevice device, BackendFaultException fault, bool hangs)
    {
        if (hangs || fault.Kind == FaultKind.DeviceLost) devices.Quarantine(device.Backend, fault.Message, hangs ? $"{fault.Operation} on {device.Name}" : null);
    }

    /// <summary>Plans on a thread that can be given up: planning asks the devices many things.</summary>
    private async Task<LoadPlan> PlanAsync(ModelSource source, IReadOnlyList<WeightFile> files, ModelOptions options, LeasedDevices devices, ModelExecutor? beside)
    {
        var trace = new CallTrace();
        var planning = ThreadOfItsOwn.RunAsync(() => trace.Follow(() => Plan(source, files, options, devices, beside)));
        try
        {
            return await planning.WaitAsync(callTimeout, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!planning.IsCompleted)
        {
            _ = planning.ContinueWith(static t => t.Exception, TaskScheduler.Default);
            var (device, call) = trace.Last ?? (string.Join(" or ", devices.Devices), "planning");
            if (devices.Devices.FirstOrDefault(d => d.Name == device) is { } culprit) devices.Quarantine(culprit.Backend, $"{call} on {device} has not come back", $"{call} on {device}");
            throw new BackendFaultException(FaultKind.TimedOut, device, call, $"no answer within {callTimeout.TotalSeconds:0.#} s; the device is not called again");
        }
    }

    /// <summary>Pages that the weights beside keep locked, and that the new ones would stand on, count against the limit once.</summary>
    private LoadPlan Plan(ModelSource source, IReadOnlyList<WeightFile> files, ModelOptions options, LeasedDevices devices, ModelExecutor? beside)
    {
        if (beside is null || space.Locks.LockedIn(beside.Weights.Buffer.Range) is not (> 0 and var shared)) return source.Plan(devices.Devices, options);
        var limits = HostLimits.Query();
        try
        {
            var plan = source.Plan(devices.Devices, options, limits with { Locked = limits.Locked - nuint.Min(limits.Locked, shared) });
            if (beside.Weights.CanShare(plan.Composition, files, space)) return plan;
        }
        catch (MemoryRefusedException)
        {
            // Refused with more than there is; the plan below says why with what there is.
        }
        return source.Plan(devices.Devices, options, limits);
    }
}
