using System.Text.Json;

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>What the story model writes when its weights are dequantised and everything is computed in float32: <c>Data/story-reference.json</c>, made by llama.cpp.</summary>
internal sealed record StoryReference(string Prompt, int[] Tokens, int[] Greedy, double[] Margins)
{
    /// <summary>A step whose two best logits are closer than this may go either way.</summary>
    public const double Close = 0.01;

    public static IReadOnlyList<StoryReference> All { get; } = Read();

    public static StoryReference Of(string prompt) => All.Single(reference => reference.Prompt == prompt);

    /// <summary>Tokens up to the first step that may go either way, at most <paramref name="count"/>.</summary>
    public int[] Certain(int count)
    {
        var near = Array.FindIndex(Margins, margin => margin < Close);
        return Greedy[..Math.Min(count, near < 0 ? Greedy.Length : near)];
    }

    private static StoryReference[] Read()
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Data", "story-reference.json"));
        return JsonSerializer.Deserialize<StoryReference[]>(stream, JsonSerializerOptions.Web)!;
    }
}
