namespace Hotplug.Runtime.Plugins.Installation;

/// <summary>A plugin is not installed, or not removed. Everything is as it was.</summary>
/// <param name="path">The package or folder that is wrong.</param>
/// <param name="reason">Why, for people; a sentence.</param>
/// <param name="cure">What to do; a sentence.</param>
/// <param name="inner">The cause, if another exception is.</param>
public sealed class PluginInstallException(string path, string reason, string cure, Exception? inner = null) : Exception($"{path}: {reason} {cure}", inner)
{
    /// <summary>The package or folder that is wrong.</summary>
    public string Path { get; } = path;

    /// <summary>Why.</summary>
    public string Reason { get; } = reason;

    /// <summary>What to do.</summary>
    public string Cure { get; } = cure;
}
