using Hotplug.Inference.Gguf;
using Hotplug.Inference.Tokenization;
using Hotplug.UnitTests.Reference;

namespace Hotplug.UnitTests.Grammars;

/// <summary>The vocabulary of the model that ships with the product: 4096 pieces, and all bytes.</summary>
internal static class StoryVocabulary
{
    private static readonly Lazy<Tokenizer> Loaded = new(() =>
    {
        var file = GgufFile.Open(Path.Combine(SharedMaterial.Root, "models", "hotplug-story-5m.Q8_0.gguf"));
        return Tokenizer.FromGguf(file);
    });

    public static Tokenizer Tokenizer => Loaded.Value;
}
