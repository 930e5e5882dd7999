using System.Text.Json;
using System.Text.Json.Serialization;
using Hotplug.Server.Health;
using Hotplug.Server.OpenAI.Chat;
using Hotplug.Server.OpenAI.Completions;
using Hotplug.Server.OpenAI.Embeddings;
using Hotplug.Server.OpenAI.Models;

namespace Hotplug.Server.Http;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(ReadableElement)])]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(CompletionRequest))]
[JsonSerializable(typeof(CompletionDocument))]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ChatDocument))]
[JsonSerializable(typeof(EmbeddingRequest))]
[JsonSerializable(typeof(EmbeddingList))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[JsonSerializable(typeof(float[]))]
internal sealed partial class ServerJson : JsonSerializerContext;
