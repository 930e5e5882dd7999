using System.Text.Json;
using System.Text.Json.Serialization;
using Hotplug.PolicyMatrix.Cells;

namespace Hotplug.PolicyMatrix;

/// <summary>Results as lines.</summary>
[JsonSerializable(typeof(CellResult))]
[JsonSerializable(typeof(MacEnd))]
[JsonSourceGenerationOptions(UseStringEnumConverter = true, WriteIndented = false, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed partial class ResultJson : JsonSerializerContext
{
    internal static string Write(CellResult result) => JsonSerializer.Serialize(result, Default.CellResult);

    internal static string Write(MacEnd end) => JsonSerializer.Serialize(end, Default.MacEnd);

    /// <summary>Whether a line tells of the end of a Mac.</summary>
    public static bool IsEnd(string line) => line.StartsWith($"{{\"{nameof(Cells.MacEnd.Mac)}\"", StringComparison.Ordinal);

    /// <summary>Reads a line about a cell.</summary>
    public static CellResult Read(string line) => JsonSerializer.Deserialize(line, Default.CellResult) ?? throw new FormatException("The line has no result.");

    /// <summary>Reads a line about the end of a Mac.</summary>
    public static MacEnd ReadEnd(string line) => JsonSerializer.Deserialize(line, Default.MacEnd) ?? throw new FormatException("The line has no end.");
}
