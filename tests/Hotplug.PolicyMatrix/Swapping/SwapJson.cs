using System.Text.Json.Serialization;

namespace Hotplug.PolicyMatrix.Swapping;

/// <summary>The reports as one line of JSON.</summary>
[JsonSerializable(typeof(SwapReport))]
[JsonSerializable(typeof(CycleReport))]
public sealed partial class SwapJson : JsonSerializerContext;
