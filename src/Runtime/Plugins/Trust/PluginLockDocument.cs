using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hotplug.Runtime.Plugins.Trust;

/// <summary>The text of <c>plugins.lock.json</c> as it stands; <see cref="PluginLock"/> checks what it means.</summary>
internal sealed record PluginLockDocument
{
    public int? Schema { get; init; }
    public PluginPinDocument[]? Plugins { get; init; }
}

internal sealed record PluginPinDocument
{
    public string? Id { get; init; }
    public string? Version { get; init; }
    public string? ManifestSha256 { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false, WriteIndented = true)]
[JsonSerializable(typeof(PluginLockDocument))]
internal sealed partial class PluginLockJson : JsonSerializerContext;
