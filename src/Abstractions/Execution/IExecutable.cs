using Hotplug.Abstractions.Faults;

namespace Hotplug.Abstractions.Execution;

/// <summary>
/// A compiled slice. Run by one thread at a time, always the host's thread for the device. Disposing waits for work in flight; disposing twice is harmless.
/// </summary>
public interface IExecutable : IDisposable
{
    /// <summary>
    /// Starts the slice for one step; may return before the work is done. Allocates no managed memory in steady state. Runs with equal arguments are
    /// independent: a faulted or cancelled run leaves only its outputs, workspace and the cells it was appending undefined, and may be repeated.
    /// </summary>
    /// <param name="arguments">What changes from step to step.</param>
    /// <returns>A fence that completes when all outputs and cache cells are written.</returns>
    /// <exception cref="DeviceLostException">The device is gone.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while running synchronously.</exception>
    Fence Run(in StepArguments arguments);
}
