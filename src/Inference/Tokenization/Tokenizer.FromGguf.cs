using Hotplug.Inference.Gguf;
using Hotplug.Inference.Tokenization.PreTokenization;

namespace Hotplug.Inference.Tokenization;

public abstract partial class Tokenizer
{
    /// <summary>Makes the tokenizer of a model; a file with a vocabulary and nothing else will do.</summary>
    /// <exception cref="GgufException">There is no vocabulary, it is of a kind that is not supported, or it contradicts itself.</exception>
    public static Tokenizer FromGguf(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return FromGguf(file.Metadata);
    }

    /// <inheritdoc cref="FromGguf(GgufFile)"/>
    public static Tokenizer FromGguf(GgufMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return metadata.GetString(VocabularyKeys.Model) switch
        {
            "llama" => new SentencePieceTokenizer(VocabularyReader.ReadSentencePiece(metadata)),
            "gpt2" when PreTokenizerOf(metadata) is var preTokenizer =>
                new ByteLevelTokenizer(VocabularyReader.ReadByteLevel(metadata, preTokenizer.AddsBeginningOfSequence), preTokenizer),
            var model => throw metadata.Invalid(VocabularyKeys.Model, $"vocabularies of kind '{model}' are not supported",
                "Use a model with a vocabulary of kind 'llama' (SentencePiece) or 'gpt2' (byte-level BPE)"),
        };
    }

    private static PreTokenizer PreTokenizerOf(GgufMetadata metadata)
    {
        var name = metadata.GetString(VocabularyKeys.PreTokenizer, PreTokenizers.Default);
        return PreTokenizers.Find(name) ?? throw metadata.Invalid(VocabularyKeys.PreTokenizer, $"pre-tokenizer '{name}' is not supported",
            $"Use a model with one of: {string.Join(", ", PreTokenizers.Names)}");
    }
}
