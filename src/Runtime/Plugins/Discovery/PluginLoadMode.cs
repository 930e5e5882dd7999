namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>What becomes of a plugin's code when it is no longer used.</summary>
public enum PluginLoadMode
{
    /// <summary>Loaded in a collectible context and unloaded. Its code has neither ReadyToRun nor tiering: for plugins whose work is done elsewhere.</summary>
    Unloadable,
    /// <summary>Loaded once per content and kept until the process ends; a later use activates it again. For plugins whose code is the work.</summary>
    Pinned,
}
