using Microsoft.Extensions.Logging;

namespace Hotplug.Server.Hosting;

/// <summary>What the server says to the log. Ids stay as they are; what requests and answers say is never part of it.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(EventId = 9002, EventName = "RequestFailed", Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    public static partial void RequestFailed(ILogger logger, Exception failure, string method, string path);

    [LoggerMessage(EventId = 9003, EventName = "RequestRefused", Level = LogLevel.Debug, Message = "{Method} {Path} was refused with {Status}: {Code}.")]
    public static partial void RequestRefused(ILogger logger, string method, string path, int status, string? code);
}
