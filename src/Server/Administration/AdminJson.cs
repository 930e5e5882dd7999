using System.Text.Json;
using System.Text.Json.Serialization;
using Hotplug.Inference.Deployment;
using Hotplug.Runtime.Memory.Receipts;
using Hotplug.Runtime.Reports;
using Microsoft.AspNetCore.Mvc;

namespace Hotplug.Server.Administration;

/// <summary>The documents of administration, in the form that the command line writes. Unknown members are refused, so that a later request is not half understood.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(AdminEvent))]
[JsonSerializable(typeof(StateDocument))]
[JsonSerializable(typeof(DevicesDocument))]
[JsonSerializable(typeof(DevicesRequest))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(LoadReceipt))]
[JsonSerializable(typeof(SwapRequest))]
[JsonSerializable(typeof(SwapDocument))]
[JsonSerializable(typeof(PlaceRequest))]
[JsonSerializable(typeof(PlaceDocument))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class AdminJson : JsonSerializerContext;
