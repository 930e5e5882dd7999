using System.Text;
using Hotplug.Inference.Gguf;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// Special tokens that take the blanks beside them with them. Files do not say so; it goes by the names of models and of pre-tokenizers, as in llama.cpp.
/// </summary>
internal static class SwallowedBlanks
{
    /// <summary>Those that swallow what is behind them: of Phi-3 all special tokens but three, and its end.</summary>
    public static IReadOnlySet<int> Right(GgufMetadata metadata, PieceTable pieces, TokenKind[] kinds)
    {
        var name = metadata.GetString(VocabularyKeys.ModelName, "");
        if (!name.Contains("phi-3", StringComparison.OrdinalIgnoreCase) && !name.Contains("phi3", StringComparison.OrdinalIgnoreCase)) return new HashSet<int>();
        return Enumerable.Range(0, pieces.Count)
            .Where(id => (TokenKindSet.Special.Has(kinds[id]) || pieces[id].SequenceEqual("</s>"u8)) && Encoding.UTF8.GetString(pieces[id]) is not ("<unk>" or "<s>" or "<|endoftext|>")).ToHashSet();
    }

    /// <summary>Those that swallow what is before them: the masks of some encoders.</summary>
    public static IReadOnlySet<int> Left(GgufMetadata metadata, PieceTable pieces)
    {
        var (preTokenizer, architecture) = (metadata.GetString(VocabularyKeys.PreTokenizer, ""), metadata.GetString("general.architecture", ""));
        var mask = preTokenizer is "jina-v2-de" or "jina-v2-es" or "jina-v2-code" || architecture is "nomic-bert-moe" or "jina-bert-v3" ? "<mask>"
            : metadata.GetString(VocabularyKeys.ModelName, "").Contains("modern-bert", StringComparison.OrdinalIgnoreCase) ? "[MASK]" : null;
        if (mask is null) return new HashSet<int>();
        var bytes = Encoding.UTF8.GetBytes(mask);
        return Enumerable.Range(0, pieces.Count).Where(id => pieces[id].SequenceEqual(bytes)).ToHashSet();
    }
}
