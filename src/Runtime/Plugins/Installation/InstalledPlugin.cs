namespace Hotplug.Runtime.Plugins.Installation;

/// <summary>A plugin that was installed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Folder">Where it lies now.</param>
/// <param name="ManifestSha256">Hash of its <c>plugin.json</c>: what a pin holds.</param>
/// <param name="IsPinned">Whether it was pinned.</param>
/// <param name="Replaced">The version that lay there before, or null.</param>
/// <param name="Files">Files, <c>plugin.json</c> among them.</param>
/// <param name="Bytes">Bytes of all files.</param>
/// <param name="LeftOut">What the package has and <c>plugin.json</c> does not list; it was not installed.</param>
public sealed record InstalledPlugin(
    string Id, string Version, string Folder, string ManifestSha256, bool IsPinned, string? Replaced, int Files, long Bytes, IReadOnlyList<string> LeftOut);
