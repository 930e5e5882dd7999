using Hotplug.Abstractions.Plugins;
using Microsoft.Extensions.Logging;

namespace Hotplug.Runtime.Plugins.Services;

/// <summary>Passes a plugin's messages to the host's log.</summary>
internal sealed partial class PluginLog(ILogger logger, string id) : IPluginLog
{
    public bool IsEnabled(PluginLogLevel level) => logger.IsEnabled(Level(level));

    public void Write(PluginLogLevel level, string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Message(logger, Level(level), id, message);
    }

    private static LogLevel Level(PluginLogLevel level) => level switch
    {
        PluginLogLevel.Debug => LogLevel.Debug,
        PluginLogLevel.Information => LogLevel.Information,
        PluginLogLevel.Warning => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    [LoggerMessage(EventId = 2100, EventName = "PluginMessage", Message = "[{Backend}] {Text}")]
    private static partial void Message(ILogger logger, LogLevel level, string backend, string text);
}
