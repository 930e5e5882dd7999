using Microsoft.Extensions.Logging;

namespace Hotplug.Inference.Models;

/// <summary>What a host of models works with.</summary>
public sealed record ModelHostOptions
{
    /// <summary>How long one call into a device may take before the device is given up.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long planning and loading may take before they are given up.</summary>
    public TimeSpan LoadTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The clock of probations.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Takes log messages; null for nowhere.</summary>
    public ILoggerFactory? Loggers { get; init; }
}
