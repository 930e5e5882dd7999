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
/// <param name="patience">How long planning and loading may take before it is given up: they call plugins.</param>
internal sealed class DeploymentLoader(IBackendCatalog catalog, AddressSpace space, DeviceLanes lanes, TimeSpan patience)
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
        var devices = origin.Devices ?? await LeasedDevices.OpenAsync(catalog, options.Placement, owner, cancellation, origin.Staged, origin.Except).ConfigureAwait(false);
        var loading = Task.Run(() => Load(source, files, options, devices, origin.Beside, planned, progress, cancellation), CancellationToken.None);
        try
        {
            return await loading.WaitAsync(patience, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!loading.IsCompleted)
        {
            // The leases stay out: what hangs may be using anything of the backends.
            _ = loading.ContinueWith(static t => t.Exception, TaskScheduler.Default);
            throw new BackendFaultException(FaultKind.TimedOut, string.Join(" or ", devices.Devices), "loading", $"no answer within {patience.TotalSeconds:0.#} s; the load was given up, and what it has stays with it");
        }
        catch
        {
            // Devices that were handed in stay the caller's.
            if (origin.Devices is null) devices.Dispose();
            throw;
        }
    }

    private ModelDeployment Load(ModelSource source, IReadOnlyList<WeightFile> files, ModelOptions options, LeasedDevices devices, ModelExecutor? beside,
        Action<LoadPlan>? planned, IProgress<LoadProgress>? progress, CancellationToken cancellation)
    {
        var plan = Plan(source, files, options, devices, beside);
        planned?.Invoke(plan);
        plan = devices.KeepOnly(plan);
        return new ModelDeployment(options, ModelExecutorLoader.Load(plan, files, space, lanes, progress, cancellation, beside?.Weights), devices);
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
