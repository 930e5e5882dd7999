using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hotplug.Server.KoboldAI;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(KoboldError))]
[JsonSerializable(typeof(GenerateRequest))]
[JsonSerializable(typeof(GenerateResults))]
[JsonSerializable(typeof(GenerateEvent))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(TextResult))]
[JsonSerializable(typeof(NumberValue))]
[JsonSerializable(typeof(TextValue))]
[JsonSerializable(typeof(TextValues))]
[JsonSerializable(typeof(CountRequest))]
[JsonSerializable(typeof(TokenCount))]
[JsonSerializable(typeof(DetokenizeRequest))]
[JsonSerializable(typeof(SchemaRequest))]
[JsonSerializable(typeof(Success))]
[JsonSerializable(typeof(LastLogprobs))]
[JsonSerializable(typeof(VersionInfo))]
[JsonSerializable(typeof(Performance))]
internal sealed partial class KoboldJson : JsonSerializerContext;
