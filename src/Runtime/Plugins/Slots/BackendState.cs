namespace Hotplug.Runtime.Plugins.Slots;

/// <summary>The life of a backend's generation.</summary>
public enum BackendState
{
    /// <summary>Its folder was found.</summary>
    Discovered,
    /// <summary>Folder, metadata and versions are right; none of its code has run.</summary>
    Validated,
    /// <summary>Its code is loaded.</summary>
    Loaded,
    /// <summary>Its devices are open.</summary>
    Warm,
    /// <summary>It takes work.</summary>
    Active,
    /// <summary>It takes no new work and waits for the leases on it; it is taken back if its successor fails in probation.</summary>
    Draining,
    /// <summary>It is disposed and its code is gone from the process.</summary>
    Unloaded,
    /// <summary>It is disposed and its code stays: it is pinned, or something holds it.</summary>
    Resident,
    /// <summary>A call into it failed; it takes no new work.</summary>
    Faulted,
}
