using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>Loads weights as planned.</summary>
public static class CompositionLoader
{
    /// <summary>
    /// Executes a plan: reserves the range, maps, commits, makes the buffers, reads and uploads, locks, and measures what came of it. After
    /// any failure or cancellation nothing is mapped, locked, reserved or allocated.
    /// </summary>
    /// <param name="plan">The plan; it is executed exactly.</param>
    /// <param name="files">The files by the index that the requests used. They stay the caller's, and may be disposed after the load.</param>
    /// <param name="space">Where the addresses come from.</param>
    /// <param name="progress">Told of every few MiB, on the calling thread.</param>
    /// <param name="cancellation">Looked at every few MiB.</param>
    /// <param name="beside">
    /// Weights loaded before by an equal plan whose parts are all mapped: the new buffers stand on the same range, so that nothing is mapped or
    /// locked twice while both live. Where the plans differ it has no effect.
    /// </param>
    /// <exception cref="WeightFileChangedException">A file is not what it was when it was opened.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="HostMemoryException">The system has no addresses or no memory.</exception>
    /// <exception cref="BackendFaultException">A plugin failed.</exception>
    /// <exception cref="MemoryRefusedException">A required lock failed although the limit seemed to allow it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ComposedWeights Load(CompositionPlan plan, IReadOnlyList<WeightFile> files, AddressSpace space, IProgress<LoadProgress>? progress = null,
        CancellationToken cancellation = default, ComposedWeights? beside = null)
        => Load(plan, files, space, DirectCalls.Instance, progress, cancellation, beside);

    internal static ComposedWeights Load(CompositionPlan plan, IReadOnlyList<WeightFile> files, AddressSpace space, IDeviceCalls calls, IProgress<LoadProgress>? progress,
        CancellationToken cancellation, ComposedWeights? beside)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(space);
        using var load = new CompositionLoad(plan, files, space, new ProgressMeter(plan, progress), calls, cancellation);
        return load.Run(beside);
    }
}
