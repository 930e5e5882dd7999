using Hotplug.Runtime.Plugins.Discovery;

namespace Hotplug.Runtime.Plugins.Installation;

/// <summary>A package that was put together and inspected.</summary>
/// <param name="Manifest">What its <c>plugin.json</c> says.</param>
/// <param name="Files">Files.</param>
/// <param name="Bytes">Bytes of all files.</param>
/// <param name="LeftOut">What the manifest does not list.</param>
internal sealed record StagedPackage(PluginManifest Manifest, int Files, long Bytes, IReadOnlyList<string> LeftOut);
