using Microsoft.Extensions.Logging;

namespace Hotplug.Extensions.AI.Hosting;

/// <summary>What is said to the log of models as a whole.</summary>
internal static partial class ModelsLog
{
    [LoggerMessage(EventId = 9000, EventName = "ModelReady", Level = LogLevel.Information, Message = "The model '{Model}' is ready after {Seconds:F1} s, at {Place}")]
    public static partial void Ready(ILogger logger, string model, double seconds, string place);

    [LoggerMessage(EventId = 9001, EventName = "ModelFailed", Level = LogLevel.Error, Message = "The model '{Model}' could not be loaded.")]
    public static partial void LoadFailed(ILogger logger, Exception failure, string model);

    [LoggerMessage(EventId = 9004, EventName = "ModelsDraining", Level = LogLevel.Information, Message = "No more requests are taken; {Writing} are written and {Waiting} wait")]
    public static partial void Draining(ILogger logger, int writing, int waiting);
}
