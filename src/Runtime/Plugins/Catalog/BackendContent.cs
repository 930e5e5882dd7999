using Hotplug.Runtime.Plugins.Loading;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>A backend that could be loaded.</summary>
/// <param name="Description">What it is.</param>
/// <param name="Load">Loads its code.</param>
internal sealed record BackendContent(BackendDescription Description, Func<PluginContext> Load);
