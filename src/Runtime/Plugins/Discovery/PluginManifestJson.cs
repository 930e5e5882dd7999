using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hotplug.Runtime.Plugins.Discovery;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(PluginManifestDocument))]
internal sealed partial class PluginManifestJson : JsonSerializerContext;
