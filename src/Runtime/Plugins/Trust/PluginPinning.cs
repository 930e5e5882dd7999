namespace Hotplug.Runtime.Plugins.Trust;

/// <summary>Whether plugins must be pinned in the <c>plugins.lock.json</c> of the folder they lie in.</summary>
public enum PluginPinning
{
    /// <summary>In a folder with a lock file they must, in others not.</summary>
    Auto,
    /// <summary>They must everywhere: without a lock file nothing of a folder is used.</summary>
    Require,
    /// <summary>They need not: lock files are passed over, and a notice says so.</summary>
    Off,
}
