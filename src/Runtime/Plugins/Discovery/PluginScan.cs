namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>What was found when the plugin folders were searched.</summary>
/// <param name="Roots">The folders that were searched, in order.</param>
/// <param name="Plugins">Plugins that can be loaded, in order of preference; ids are unique.</param>
/// <param name="Rejections">Folders that cannot be used, and why.</param>
/// <param name="Notices">Things worth knowing.</param>
public sealed record PluginScan(
    IReadOnlyList<PluginRoot> Roots, IReadOnlyList<PluginInspection> Plugins, IReadOnlyList<PluginRejection> Rejections, IReadOnlyList<PluginNotice> Notices);
