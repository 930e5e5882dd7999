namespace Hotplug.Inference.Generation.Scheduling;

/// <summary>How requests share a model.</summary>
public sealed record GenerationSchedulerOptions
{
    /// <summary>Texts that are written at the same time; 0 for as many as the model was loaded for.</summary>
    public int Slots { get; init; }

    /// <summary>Requests that may wait for a slot.</summary>
    public int QueueLength { get; init; } = 64;
}
