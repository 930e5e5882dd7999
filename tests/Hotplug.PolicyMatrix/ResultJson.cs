using System.Text.Json;
using System.Text.Json.Serialization;
using Hotplug.PolicyMatrix.Cells;

namespace Hotplug.PolicyMatrix;

/// <summary>Results as lines.</summary>
[JsonSerializable(typeof(CellResult))]
[JsonSourceGenerationOptions(UseStringEnumConverter = true, WriteIndented = false, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed partial class ResultJson : JsonSerializerContext
{
    internal static string Write(CellResult result) => JsonSerializer.Serialize(result, Default.CellResult);

    /// <summary>Reads a line.</summary>
    public static CellResult Read(string line) => JsonSerializer.Deserialize(line, Default.CellResult) ?? throw new FormatException("The line has no result.");
}
