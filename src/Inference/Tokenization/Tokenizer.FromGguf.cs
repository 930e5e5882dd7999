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
            "gpt2" => Merged(metadata, metadata.GetString(VocabularyKeys.PreTokenizer, PreTokenizers.Default)),
            "gemma4" => Merged(metadata, "gemma4"),
            "bert" => new WordPieceTokenizer(VocabularyReader.ReadWordPiece(metadata), NormalizerOf(metadata)),
            "t5" => new UnigramTokenizer(VocabularyReader.ReadUnigram(metadata), VocabularyReader.ReadCharacterMap(metadata)),
            var model => throw metadata.Invalid(VocabularyKeys.Model, $"vocabularies of kind '{model}' are not supported",
                "Use a model with a vocabulary of kind 'llama' (SentencePiece), 'gpt2' (byte-level BPE), 'gemma4' (BPE of characters), 'bert' (WordPiece) or 't5' (Unigram)"),
        };
    }

    private static Tokenizer Merged(GgufMetadata metadata, string name)
    {
        var preTokenizer = PreTokenizers.Find(name) ?? throw metadata.Invalid(VocabularyKeys.PreTokenizer, $"pre-tokenizer '{name}' is not supported",
            $"Use a model with one of: {string.Join(", ", PreTokenizers.Names)}");
        var vocabulary = VocabularyReader.ReadMerged(metadata, preTokenizer, needsMerges: name != "kimi-k2");
        return preTokenizer.JoinsCharacters ? new CharacterTokenizer(vocabulary, preTokenizer) : new ByteLevelTokenizer(vocabulary, preTokenizer);
    }

    private static WordNormalizer NormalizerOf(GgufMetadata metadata)
    {
        var lowercases = metadata.GetBool(VocabularyKeys.Lowercases, true);
        return new(lowercases, metadata.GetBool(VocabularyKeys.StripsAccents, lowercases));
    }
}
