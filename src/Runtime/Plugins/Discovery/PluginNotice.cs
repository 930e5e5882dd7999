namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>Something found while looking for plugins that is worth knowing and harmless.</summary>
/// <param name="Path">Where.</param>
/// <param name="Text">What, and what was done about it.</param>
public sealed record PluginNotice(string Path, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Text}";
}
