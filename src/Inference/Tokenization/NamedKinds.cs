using System.Text;

namespace Hotplug.Inference.Tokenization;

/// <summary>Tokens whose names say what they are, whatever the file says of them: facts about published models, collected by llama.cpp.</summary>
internal static class NamedKinds
{
    private const int LongestName = 32;

    // Where a text is to be filled in.
    private static readonly HashSet<string> Control = new(StringComparer.Ordinal)
    {
        "<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>", "<|code_prefix|>", "<|prefix|>",
        "<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>", "<|code_suffix|>", "<|suffix|>",
        "<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "▁<MID>", "<|code_middle|>", "<|middle|>",
    };

    // The frame of gpt-oss's messages, which is part of what it writes.
    private static readonly HashSet<string> Written = new(StringComparer.Ordinal) { "<|channel|>", "<|message|>", "<|start|>", "<|constrain|>" };

    /// <summary>Corrects the kinds of tokens with such names.</summary>
    public static void Correct(PieceTable pieces, TokenKind[] kinds)
    {
        for (var id = -1; (id = pieces.NextBracketed(id + 1, LongestName)) >= 0;)
        {
            var name = Encoding.UTF8.GetString(pieces[id]);
            if (Written.Contains(name)) kinds[id] = TokenKind.UserDefined;
            else if (kinds[id] is TokenKind.Normal or TokenKind.Undefined && Control.Contains(name)) kinds[id] = TokenKind.Control;
        }
    }
}
