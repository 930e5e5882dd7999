using System.Text;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// Tokens that end a text by what they are called. Files name one such token in their metadata, models use several; the names are
/// facts about published models, collected by llama.cpp.
/// </summary>
internal static class EndOfGeneration
{
    private const string End = "<|end|>", EndOfText = "</s>", ToolResponse = "<|tool_response>";
    private const int LongestName = 32;

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        End, EndOfText, ToolResponse, "<eos>", "<turn|>", "[e~[", "<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>", "<end_of_utterance>",
        "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<｜end▁of▁sentence｜>", "<|return|>", "<|call|>", "<|calls|>", "<|flush|>",
        // Code models end a middle that they fill in with one of these.
        "<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]",
        "<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>", "<|file_sep|>",
    };

    /// <summary>The tokens whose names say that they end a text.</summary>
    public static HashSet<int> ByText(PieceTable pieces)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = -1; (id = pieces.NextBracketed(id + 1, LongestName)) >= 0;)
            if (Encoding.UTF8.GetString(pieces[id]) is var name && Names.Contains(name)) found[name] = id;

        // Where a model ends with these two, <|end|> only ends a part of its message.
        var calls = found.ContainsKey("<|call|>") || found.ContainsKey("<|calls|>");
        if (calls && (found.ContainsKey("<|return|>") || found.ContainsKey("<|flush|>"))) found.Remove(End);
        // Such a vocabulary has it for the text of web pages.
        if (found.ContainsKey(ToolResponse)) found.Remove(EndOfText);
        return [.. found.Values];
    }
}
