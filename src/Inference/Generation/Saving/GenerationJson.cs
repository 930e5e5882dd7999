using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Hotplug.Inference.Generation.Saving;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(SavedGeneration))]
[JsonSerializable(typeof(GenerationOptions))]
[JsonSerializable(typeof(GenerationState))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class GenerationJson : JsonSerializerContext;
