using System.Runtime.InteropServices;
using System.Text.Json;

namespace Hotplug.ConformanceTests.Models;

/// <summary>What a reference implementation made of one prompt.</summary>
/// <param name="Prompt">Token ids.</param>
/// <param name="Text">The prompt as text; empty where there are only ids.</param>
/// <param name="Greedy">The greedy continuation.</param>
/// <param name="Gaps">How far the best logit was above the second at each step of it.</param>
/// <param name="PeerError">Normalised squared error of llama.cpp on the quantised file; 0 where none is stated.</param>
/// <param name="Logits">Rows of logits: of all positions, or of the last.</param>
internal sealed record ReferenceCase(int[] Prompt, string Text, int[] Greedy, double[] Gaps, double PeerError, float[] Logits)
{
    /// <summary>Reads <c>NAME.json</c> with <c>NAME.logits.f32</c> beside it.</summary>
    public static ReferenceCase Read(string folder, string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Material.Path(folder, $"{name}.json")));
        var root = document.RootElement;
        return new(Integers(root, "prompt"), "", Integers(root, "greedy"), Numbers(root, "greedy_margin"), PeerErrorOf(root), Floats(Material.Path(folder, $"{name}.logits.f32")));
    }

    /// <summary>Reads one case of <c>cases.json</c>, with the logits of the last position of its prompt.</summary>
    public static ReferenceCase Read(string folder, int number)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "cases.json")));
        var entry = document.RootElement.GetProperty("cases")[number];
        return new(Integers(entry, "tokens"), entry.GetProperty("prompt").GetString()!, Integers(entry, "greedy"), Numbers(entry, "greedy_margin"), PeerErrorOf(entry),
            Floats(Path.Combine(folder, $"last_logits_{number}.f32")));
    }

    /// <summary>Reads raw little-endian float32.</summary>
    public static float[] Floats(string path) => [.. MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path))];

    private static double PeerErrorOf(JsonElement entry) => entry.TryGetProperty("nmse_llamacpp", out var error) ? error.GetDouble() : 0;

    private static int[] Integers(JsonElement entry, string name) => [.. entry.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];

    private static double[] Numbers(JsonElement entry, string name) => [.. entry.GetProperty(name).EnumerateArray().Select(e => e.GetDouble())];
}
