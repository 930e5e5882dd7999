using Hotplug.Abstractions.Tensors;

namespace Hotplug.ModelForge;

/// <summary>Shapes of published models, under the names people know them by. Weights are random, and vocabularies forged ones of the same size.</summary>
public static class Presets
{
    private static readonly SortedDictionary<string, ModelRecipe> Recipes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["smollm2-135m"] = new()
        {
            Architecture = "llama", Width = 576, Blocks = 30, Heads = 9, KvHeads = 3, FeedForward = 1536, Vocabulary = 49152, Context = 8192, TiedOutput = true,
            Metadata = new Dictionary<string, object> { ["rope.freq_base"] = 100_000f },
        },
        ["llama-3.2-1b"] = new()
        {
            Architecture = "llama", Width = 2048, Blocks = 16, Heads = 32, KvHeads = 8, FeedForward = 8192, Vocabulary = 128_256, Context = 8192, TiedOutput = true,
            Metadata = new Dictionary<string, object> { ["rope.freq_base"] = 500_000f },
        },
        ["llama-3.2-3b"] = new()
        {
            Architecture = "llama", Width = 3072, Blocks = 28, Heads = 24, KvHeads = 8, FeedForward = 8192, Vocabulary = 128_256, Context = 8192, TiedOutput = true,
            Metadata = new Dictionary<string, object> { ["rope.freq_base"] = 500_000f },
        },
        ["qwen3-0.6b"] = new()
        {
            Architecture = "qwen3", Width = 1024, Blocks = 28, Heads = 16, KvHeads = 8, HeadWidth = 128, FeedForward = 3072, Vocabulary = 151_936, Context = 8192, TiedOutput = true,
            Metadata = new Dictionary<string, object> { ["rope.freq_base"] = 1_000_000f },
        },
        ["gemma-3-270m"] = new()
        {
            Architecture = "gemma3", Width = 640, Blocks = 18, Heads = 4, KvHeads = 1, HeadWidth = 256, FeedForward = 2048, Vocabulary = 262_144, Context = 8192, TiedOutput = true,
            Metadata = new Dictionary<string, object> { ["rope.freq_base"] = 1_000_000f, ["attention.sliding_window"] = 512 },
        },
    };

    /// <summary>Their names, sorted.</summary>
    public static IReadOnlyCollection<string> Names => Recipes.Keys;

    /// <summary>A shape by name.</summary>
    /// <returns>The recipe, or null if there is none of that name.</returns>
    public static ModelRecipe? Find(string name) => Recipes.GetValueOrDefault(name);
}
