namespace Hotplug.Runtime.Execution;

/// <summary>What the slices of a running step share.</summary>
internal sealed class StepState
{
    public StepBatch Batch { get; set; } = null!;

    public CancellationToken Cancellation { get; set; }
}
