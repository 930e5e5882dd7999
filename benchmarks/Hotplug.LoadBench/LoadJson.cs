using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hotplug.LoadBench;

/// <summary>All figures for programs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(IReadOnlyList<LoadReport>))]
internal sealed partial class LoadJson : JsonSerializerContext
{
    public static async Task WriteAsync(string path, IReadOnlyList<LoadReport> reports, CancellationToken cancellation)
    {
        await using var file = File.Create(path);
        await JsonSerializer.SerializeAsync(file, reports, Default.IReadOnlyListLoadReport, cancellation);
    }
}
