namespace Hotplug.Abstractions.Plugins;

/// <summary>Weight of a message.</summary>
public enum PluginLogLevel
{
    /// <summary>For finding faults.</summary>
    Debug,
    /// <summary>What happened.</summary>
    Information,
    /// <summary>Something is not as it should be, and work goes on.</summary>
    Warning,
    /// <summary>Something failed.</summary>
    Error,
}
