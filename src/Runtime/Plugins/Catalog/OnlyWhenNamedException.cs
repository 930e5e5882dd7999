namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>Within the catalogue: a backend stays closed because nobody named it.</summary>
internal sealed class OnlyWhenNamedException(string id, string reason) : Exception(reason)
{
    public string Id { get; } = id;
}
