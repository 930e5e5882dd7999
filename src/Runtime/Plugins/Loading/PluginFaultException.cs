using Hotplug.Abstractions.Faults;

namespace Hotplug.Runtime.Plugins.Loading;

/// <summary>A call into a plugin failed. Holds text only: no object of the plugin, and none that its code threw.</summary>
public sealed class PluginFaultException : BackendException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="pluginId">Id of the plugin.</param>
    /// <param name="call">Member that was called.</param>
    /// <param name="kind">Kind of the failure.</param>
    /// <param name="reason">What went wrong, in a sentence.</param>
    /// <param name="details">Type, message and stack of what was thrown, as text; may be empty.</param>
    public PluginFaultException(string pluginId, string call, FaultKind kind, string reason, string details = "")
        : base($"Plugin '{pluginId}' failed in {call} ({kind}): {reason}") => (PluginId, Call, Kind, Reason, Details) = (pluginId, call, kind, reason, details);

    /// <summary>Id of the plugin.</summary>
    public string PluginId { get; }

    /// <summary>Member that was called.</summary>
    public string Call { get; }

    /// <inheritdoc/>
    public override FaultKind Kind { get; }

    /// <summary>What went wrong, in a sentence.</summary>
    public string Reason { get; }

    /// <summary>Type, message and stack of what was thrown, as text.</summary>
    public string Details { get; }
}
