using Hotplug.Inference.Gguf;

namespace Hotplug.ModelForge;

/// <summary>
/// A SentencePiece vocabulary: three special tokens, bytes, letters, and numbered words for the rest. Bytes that begin a character of several are words too: what a model
/// of random weights writes would seldom be characters otherwise, and programs hold back incomplete ones.
/// </summary>
internal static class ForgedVocabulary
{
    private const int Special = 3, Bytes = 256, FirstLead = 0xC0;
    // Token types of the format.
    private const int Normal = 1, Unknown = 2, Control = 3, Byte = 6;

    public static void Write(GgufWriter writer, int count)
    {
        if (count < 320) throw new ArgumentOutOfRangeException(nameof(count), count, "A vocabulary has 320 tokens or more: bytes, letters and a few words.");
        var (tokens, scores, types) = (new string[count], new float[count], new int[count]);
        for (var i = 0; i < count; i++)
            (tokens[i], scores[i], types[i]) = i switch
            {
                0 => ("<unk>", 0f, Unknown),
                1 => ("<s>", 0f, Control),
                2 => ("</s>", 0f, Control),
                < Special + FirstLead => ($"<0x{i - Special:X2}>", 0f, Byte),
                < Special + Bytes => ($"\u2581b{i}", -1f - i, Normal),
                < Special + Bytes + 27 => (i == Special + Bytes ? "\u2581" : ((char)('a' + i - Special - Bytes - 1)).ToString(), -1f - i, Normal),
                _ => ($"\u2581w{i}", -1f - i, Normal),
            };
        writer.Add("tokenizer.ggml.model", "llama");
        writer.Add("tokenizer.ggml.tokens", tokens);
        writer.Add("tokenizer.ggml.scores", scores);
        writer.Add("tokenizer.ggml.token_type", types);
        writer.Add("tokenizer.ggml.bos_token_id", 1);
        writer.Add("tokenizer.ggml.eos_token_id", 2);
        writer.Add("tokenizer.ggml.unknown_token_id", 0);
        writer.Add("tokenizer.ggml.add_bos_token", true);
        writer.Add("tokenizer.ggml.add_eos_token", false);
    }
}
