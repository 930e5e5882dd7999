namespace Hotplug.BoundaryBench;

/// <summary>Where the code of the plugin lies.</summary>
public enum LoadContext
{
    /// <summary>Part of the program.</summary>
    Default,
    /// <summary>A load context of its own that stays.</summary>
    Pinned,
    /// <summary>A load context of its own that can be unloaded.</summary>
    Unloadable,
}
