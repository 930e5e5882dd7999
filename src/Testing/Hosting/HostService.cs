namespace Hotplug.Testing.Hosting;

/// <summary>The services of a host at which a fault can be injected.</summary>
public enum HostService
{
    /// <summary><c>IPluginHost.Allocate</c>.</summary>
    Allocate,
    /// <summary><c>IPluginHost.CreateWorkers</c>.</summary>
    CreateWorkers,
    /// <summary><c>IPluginLog.Write</c>.</summary>
    Log,
    /// <summary><c>IPluginMetrics</c>, both members.</summary>
    Metrics,
}
