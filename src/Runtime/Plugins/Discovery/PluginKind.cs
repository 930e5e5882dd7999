namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>What a plugin is for.</summary>
public enum PluginKind
{
    /// <summary>For users.</summary>
    Backend,
    /// <summary>Test equipment: found and listed like any other, used only when named.</summary>
    Test,
}
