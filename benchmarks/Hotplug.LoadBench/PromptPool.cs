using Hotplug.Inference.Gguf;
using Hotplug.Inference.Tokenization;

namespace Hotplug.LoadBench;

/// <summary>Prompts of a length, as tokens: the same for every server, and natural enough that a model writes on.</summary>
internal static class PromptPool
{
    private static readonly string[] Names = ["Ada", "Bruno", "Clara", "Dorian", "Edith", "Felix", "Greta", "Henrik", "Iris", "Jonas", "Karla", "Leopold"];
    private static readonly string[] Trades = ["clockmaker", "gardener", "sailor", "librarian", "baker", "painter", "cartographer", "violinist", "miller", "shepherd"];
    private static readonly string[] Places = ["harbour", "market square", "old mill", "mountain pass", "lighthouse", "university", "railway station", "forest", "monastery", "bridge"];
    private static readonly string[] Things = ["a brass compass", "a letter without a name", "a box of seeds", "an unfinished map", "a silver key", "a wet notebook", "two strange coins", "a broken lantern"];
    private static readonly string[] Verbs = ["found", "lost", "bought", "repaired", "hid", "drew", "borrowed", "remembered"];
    private static readonly string[] Times = ["On a cold morning in March", "Late one evening", "After the long storm", "In the third year of the drought", "A week before the fair", "When the bells had stopped"];

    /// <summary>Prompts in the order in which they are tried: every other one begins with the same three quarters of its tokens, the others are their own from the first word on.</summary>
    public static IEnumerable<int[]> Of(string model, int tokens)
    {
        var tokenizer = Tokenizer.FromGguf(GgufFile.Open(model));
        var shared = Encode(tokenizer, new Random(0), "", tokens)[..(tokens * 3 / 4)];
        for (var seed = 1; ; seed++)
        {
            var own = Encode(tokenizer, new Random(seed), $"{seed}. ", tokens);
            yield return seed % 2 == 0 ? own : [.. shared, .. own[..(tokens - shared.Length)]];
        }
    }

    private static int[] Encode(Tokenizer tokenizer, Random random, string text, int tokens)
    {
        string Any(string[] words) => words[random.Next(words.Length)];
        while (true)
        {
            text += $"{Any(Times)}, {Any(Names)} the {Any(Trades)} {Any(Verbs)} {Any(Things)} near the {Any(Places)}. ";
            // With room to spare, so that the last token is one of a text that goes on.
            if (tokenizer.Encode(text, addSpecial: true) is { } ids && ids.Length > tokens + 8) return ids[..tokens];
        }
    }
}
