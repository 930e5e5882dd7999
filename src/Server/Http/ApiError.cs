using System.Text.Json.Serialization;

namespace Hotplug.Server.Http;

/// <summary>An error as clients of OpenAI read it.</summary>
/// <param name="Message">What was wrong, and what to do.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Param">The field that was wrong.</param>
/// <param name="Code">A word for programs.</param>
internal sealed record ApiError(
    string Message,
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Param,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Code);
