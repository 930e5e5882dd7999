using System.Text.Json.Serialization;
using Hotplug.Cli.Evidence;

namespace Hotplug.Cli.Output;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(InspectDocument))]
[JsonSerializable(typeof(BenchDocument))]
[JsonSerializable(typeof(PerplexityDocument))]
[JsonSerializable(typeof(EvidenceDocument))]
[JsonSerializable(typeof(PluginsDocument))]
[JsonSerializable(typeof(PluginsChangeDocument))]
internal sealed partial class CliJson : JsonSerializerContext;
