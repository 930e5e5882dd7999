using Microsoft.Extensions.Logging;

namespace Hotplug.Inference.Models;

/// <summary>What a host of models works with.</summary>
public sealed record ModelHostOptions
{
    /// <summary>How long one call into a device, or its answers while a load is planned, may take before the device is given up.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The clock of probations.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Takes log messages; null for nowhere.</summary>
    public ILoggerFactory? Loggers { get; init; }
}
