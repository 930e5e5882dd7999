using System.Text.Json.Serialization;

namespace Hotplug.Runtime.Reports;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(DevicesDocument))]
internal sealed partial class ReportJson : JsonSerializerContext;
