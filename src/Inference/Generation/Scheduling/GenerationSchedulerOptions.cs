using Microsoft.Extensions.Logging;

namespace Hotplug.Inference.Generation.Scheduling;

/// <summary>How requests share a model.</summary>
public sealed record GenerationSchedulerOptions
{
    /// <summary>Texts that are written at the same time; 0 for as many as the model was loaded for.</summary>
    public int Slots { get; init; }

    /// <summary>Requests that may wait for a slot.</summary>
    public int QueueLength { get; init; } = 64;

    /// <summary>What metrics, activities and log events call the model; null for the name in its file.</summary>
    public string? Name { get; init; }

    /// <summary>Takes log events; null for nowhere.</summary>
    public ILoggerFactory? Loggers { get; init; }

    /// <summary>Whether prompts and texts are logged, whole. Whoever reads the log reads them.</summary>
    public bool LogContent { get; init; }
}
