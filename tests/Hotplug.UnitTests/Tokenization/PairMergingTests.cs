using CsCheck;
using Hotplug.Inference.Tokenization;
using Hotplug.Inference.Tokenization.PreTokenization;
using Xunit;

namespace Hotplug.UnitTests.Tokenization;

/// <summary>Both kinds of merging against the plain loop: take the best pair, the leftmost of equals, until there is none.</summary>
public sealed class PairMergingTests
{
    private static readonly Gen<string> Letters = Gen.Char["abc "].Array[0, 60].Select(letters => new string(letters));

    [Fact]
    public void Byte_level_merging_is_that_of_the_plain_loop() =>
        Gen.Select(Gen.UInt, Gen.Int[0, 40], Letters).Sample((seed, count, text) =>
        {
            var merges = RandomMerges(new Random((int)seed), count);
            var vocabulary = TestVocabularies.ByteLevel(merges);
            var tokenizer = new ByteLevelTokenizer(vocabulary, new PreTokenizer());
            var ranks = merges.Index().DistinctBy(item => item.Item).ToDictionary(item => item.Item, item => (double)item.Index);
            var symbols = text.Select(letter => TestVocabularies.Spell((byte)letter)).ToList();
            MergeNaively(symbols, (left, right) => ranks.TryGetValue((left, right), out var rank) ? rank : null);
            Assert.Equal(symbols, tokenizer.Encode(text, false).Select(tokenizer.Name));
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, false)));
        }, iter: 2000);

    [Fact]
    public void SentencePiece_merging_is_that_of_the_plain_loop() =>
        Gen.Select(Gen.UInt, Gen.Int[0, 40], Letters, Gen.Bool).Sample((seed, count, text, prefix) =>
        {
            var random = new Random((int)seed);
            // Few scores, so that many are equal; both signs, and both zeros.
            float[] scores = [-2, -1, -0f, 0, 1];
            var pieces = RandomMerges(random, count).Select(merge => (merge.Left + merge.Right).Replace('Ġ', '▁'))
                .Concat(["a", "b", "▁"]).Distinct().Select(piece => (piece, scores[random.Next(scores.Length)])).ToArray();
            var tokenizer = new SentencePieceTokenizer(TestVocabularies.SentencePiece(pieces, prefix));
            var byText = pieces.ToDictionary(piece => piece.piece, piece => piece.Item2);

            var spelled = (prefix && text.Length > 0 ? "▁" : "") + text.Replace(' ', '▁');
            var symbols = spelled.Select(letter => letter.ToString()).ToList();
            MergeNaively(symbols, (left, right) => byText.TryGetValue(left + right, out var score) ? -score : null);
            var expected = symbols.Select(symbol => byText.ContainsKey(symbol) ? symbol : $"<0x{(int)symbol[0]:X2}>");
            Assert.Equal(expected, tokenizer.Encode(text, false).Select(tokenizer.Name));
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, false)));
        }, iter: 2000);

    [Theory]
    [InlineData('a')]
    [InlineData(' ')]
    [InlineData('1')]
    [InlineData('é')]
    public void A_megabyte_without_a_break_is_encoded(char letter)
    {
        // Quadratic work would be 10¹² steps here.
        var spelled = letter == ' ' ? "Ġ" : letter == 'é' ? "Ã" : letter.ToString();
        List<(string, string)> merges = [.. Enumerable.Range(0, 8).Select(i => (string.Concat(Enumerable.Repeat(spelled, 1 << i)), string.Concat(Enumerable.Repeat(spelled, 1 << i))))];
        var text = new string(letter, 1 << 20);
        foreach (var preTokenizer in (PreTokenizer[])[new(), .. ((string[])["default", "smollm", "llama-bpe"]).Select(name => PreTokenizers.Find(name)!)])
        {
            var bytes = new ByteLevelTokenizer(TestVocabularies.ByteLevel(merges), preTokenizer);
            Assert.Equal(text, bytes.Decode(bytes.Encode(text, false)));
        }

        (string, float)[] pieces = [("▁", 0), .. Enumerable.Range(letter == ' ' ? 1 : 0, 9).Select(i => (string.Concat(Enumerable.Repeat(letter == ' ' ? '▁' : letter, 1 << i)), -(float)i))];
        var pieceTokenizer = new SentencePieceTokenizer(TestVocabularies.SentencePiece(pieces, true));
        Assert.Equal(text, pieceTokenizer.Decode(pieceTokenizer.Encode(text, false)));
    }

    private static List<(string Left, string Right)> RandomMerges(Random random, int count)
    {
        List<string> pieces = ["a", "b", "c", "Ġ"];
        List<(string, string)> merges = [];
        for (var i = 0; i < count; i++)
        {
            var (left, right) = (pieces[random.Next(pieces.Count)], pieces[random.Next(pieces.Count)]);
            if (left.Length + right.Length > 12) continue;
            // Now and then the result is not itself merged further, or the pair comes twice.
            merges.Add((left, right));
            if (random.Next(4) > 0) pieces.Add(left + right);
        }

        return merges;
    }

    private static void MergeNaively(List<string> symbols, Func<string, string, double?> rank)
    {
        while (true)
        {
            var best = -1;
            double? bestRank = null;
            for (var i = 0; i + 1 < symbols.Count; i++)
                if (rank(symbols[i], symbols[i + 1]) is { } found && (bestRank is null || found < bestRank)) (best, bestRank) = (i, found);
            if (best < 0) return;
            symbols[best] += symbols[best + 1];
            symbols.RemoveAt(best + 1);
        }
    }
}
