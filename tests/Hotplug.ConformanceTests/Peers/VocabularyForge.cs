using System.Text;
using Hotplug.Inference.Gguf;

namespace Hotplug.ConformanceTests.Peers;

/// <summary>Makes vocabulary files that the reference material does not have.</summary>
internal static class VocabularyForge
{
    private const int Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Byte = 6;

    /// <summary>A vocabulary with another pre-tokenizer, so that its rules are applied.</summary>
    public static void WithPreTokenizer(string vocabulary, string preTokenizer, string path)
    {
        var file = GgufFile.Open(vocabulary);
        var writer = new GgufWriter();
        foreach (var entry in file.Metadata.Entries)
            if (entry.Key is not "tokenizer.ggml.pre") writer.Add(file.Metadata, entry);
        writer.Add("tokenizer.ggml.pre", preTokenizer);
        Write(writer, path);
    }

    /// <summary>BPE of characters, learned from a text: characters, byte tokens, and the most frequent pairs.</summary>
    public static void Characters(string preTokenizer, string text, string path)
    {
        var pieces = new List<string> { "<pad>", "<eos>", "<bos>", "<unk>" };
        for (var value = 0; value < 256; value++) pieces.Add($"<0x{value:X2}>");
        pieces.AddRange(["\n\n", "\n\n\n"]);
        var symbols = text.Replace(' ', '\u2581').EnumerateRunes().Select(rune => rune.ToString()).ToList();
        pieces.AddRange(symbols.Distinct().Where(symbol => symbol != "\u0085").Take(900));
        var known = pieces.ToHashSet();
        var merges = new List<string>();
        for (var round = 0; round < 300; round++)
        {
            var best = symbols.Zip(symbols.Skip(1)).Where(pair => known.Contains(pair.First) && known.Contains(pair.Second) && !(pair.First + pair.Second).Contains('\n'))
                .CountBy(pair => pair).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.First + pair.Key.Second, StringComparer.Ordinal).First().Key;
            var joined = best.First + best.Second;
            merges.Add($"{best.First} {best.Second}");
            if (known.Add(joined)) pieces.Add(joined);
            for (var i = 0; i + 1 < symbols.Count; i++)
                if (symbols[i] == best.First && symbols[i + 1] == best.Second)
                {
                    symbols[i] = joined;
                    symbols.RemoveAt(i + 1);
                }
        }
        var writer = Begin("gpt2", preTokenizer, pieces, id => id < 3 ? Control : id == 3 ? Unknown : id < 260 ? Byte : Normal);
        writer.Add("tokenizer.ggml.merges", merges);
        writer.Add("tokenizer.ggml.bos_token_id", 2);
        writer.Add("tokenizer.ggml.eos_token_id", 1);
        writer.Add("tokenizer.ggml.unknown_token_id", 3);
        Write(writer, path);
    }

    /// <summary>WordPiece: words and pieces of a text.</summary>
    public static void WordPiece(string text, bool lowercases, string path)
    {
        var pieces = new List<string> { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" };
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var known = pieces.ToHashSet();
        foreach (var word in words.Take(4000))
        {
            var folded = lowercases ? word.ToLowerInvariant() : word;
            // Beginnings and ends of words, and most of their characters.
            foreach (var part in (string[])["\u2581" + folded, "\u2581" + folded[..Math.Min(3, folded.Length)], folded[(folded.Length / 2)..]])
                if (IsWhole(part) && known.Add(part)) pieces.Add(part);
        }
        foreach (var letter in text.Take(20000).Where(letter => !char.IsSurrogate(letter) && !char.IsWhiteSpace(letter) && letter % 5 != 0))
            foreach (var part in (string[])[letter.ToString(), $"\u2581{letter}", char.ToLowerInvariant(letter).ToString(), $"\u2581{char.ToLowerInvariant(letter)}"])
                if (known.Add(part)) pieces.Add(part);
        var writer = Begin("bert", "default", pieces, id => id == 1 ? Unknown : id < 5 ? Control : Normal);
        writer.Add("tokenizer.ggml.bos_token_id", 2);
        writer.Add("tokenizer.ggml.seperator_token_id", 3);
        writer.Add("tokenizer.ggml.padding_token_id", 0);
        writer.Add("tokenizer.ggml.mask_token_id", 4);
        writer.Add("tokenizer.ggml.unknown_token_id", 1);
        writer.Add("tokenizer.ggml.token_type_count", 2);
        if (!lowercases) writer.Add("tokenizer.ggml.normalizer.lowercase", false);
        Write(writer, path);
    }

    /// <summary>Unigram: pieces of a text with the logarithms of how frequent they are.</summary>
    public static void Unigram(string text, bool mergesBlanks, bool addsPrefix, byte[] characterMap, string path)
    {
        var pieces = new List<string> { "<pad>", "</s>", "<unk>", "<extra_id_0>", "<extra_id_1>" };
        var known = pieces.ToHashSet();
        var scores = new List<float> { 0, 0, 0, 0, 0 };
        var random = new Random(5);
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(3000))
        {
            var marked = "\u2581" + word;
            for (var n = 0; n < 4; n++)
            {
                var start = random.Next(marked.Length);
                var part = marked.Substring(start, random.Next(1, Math.Min(7, marked.Length - start) + 1));
                if (!IsWhole(part) || !known.Add(part)) continue;
                pieces.Add(part);
                scores.Add(-MathF.Log(40) * (1 + part.Length / 3f) - random.NextSingle());
            }
        }
        var writer = Begin("t5", "default", pieces, id => id == 2 ? Unknown : id < 2 ? Control : id < 5 ? UserDefined : Normal);
        writer.Add("tokenizer.ggml.scores", scores);
        writer.Add("tokenizer.ggml.eos_token_id", 1);
        writer.Add("tokenizer.ggml.unknown_token_id", 2);
        writer.Add("tokenizer.ggml.padding_token_id", 0);
        writer.Add("tokenizer.ggml.add_space_prefix", addsPrefix);
        writer.Add("tokenizer.ggml.remove_extra_whitespaces", mergesBlanks);
        if (characterMap.Length > 0) writer.Add("tokenizer.ggml.precompiled_charsmap", characterMap);
        Write(writer, path);
    }

    private static bool IsWhole(string text) => !text.Contains('\uFFFD') && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static GgufWriter Begin(string model, string preTokenizer, List<string> pieces, Func<int, int> kind)
    {
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        foreach (var (key, value) in (ReadOnlySpan<(string, int)>)[("vocab_size", pieces.Count), ("context_length", 64), ("embedding_length", 32), ("block_count", 1), ("feed_forward_length", 32), ("attention.head_count", 2)])
            writer.Add($"llama.{key}", value);
        writer.Add("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        writer.Add("tokenizer.ggml.model", model);
        writer.Add("tokenizer.ggml.pre", preTokenizer);
        writer.Add("tokenizer.ggml.tokens", pieces);
        writer.Add("tokenizer.ggml.token_type", Enumerable.Range(0, pieces.Count).Select(kind).ToArray());
        return writer;
    }

    private static void Write(GgufWriter writer, string path)
    {
        using var stream = File.Create(path);
        writer.Write(stream);
    }
}
