namespace Hotplug.Abstractions.Plugins;

/// <summary>Takes measurements of a plugin. The instruments are the host's; the backend's id is added as a tag.</summary>
public interface IPluginMetrics
{
    /// <summary>Adds to a counter.</summary>
    /// <param name="name">Lower-case words with dots.</param>
    /// <param name="value">What is added.</param>
    void Count(string name, long value);

    /// <summary>Records a value of a distribution.</summary>
    /// <param name="name">Lower-case words with dots.</param>
    /// <param name="value">The value.</param>
    void Record(string name, double value);
}
