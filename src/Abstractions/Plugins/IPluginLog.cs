namespace Hotplug.Abstractions.Plugins;

/// <summary>Takes messages of a plugin as text, so that no object of the plugin outlives it in a log.</summary>
public interface IPluginLog
{
    /// <summary>Says whether messages of this level are kept.</summary>
    bool IsEnabled(PluginLogLevel level);

    /// <summary>Writes a message.</summary>
    void Write(PluginLogLevel level, string message);
}
