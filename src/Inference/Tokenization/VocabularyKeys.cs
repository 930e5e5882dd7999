namespace Hotplug.Inference.Tokenization;

/// <summary>Metadata keys of vocabularies.</summary>
internal static class VocabularyKeys
{
    public const string Model = "tokenizer.ggml.model";
    public const string PreTokenizer = "tokenizer.ggml.pre";
    public const string Tokens = "tokenizer.ggml.tokens";
    public const string Kinds = "tokenizer.ggml.token_type";
    public const string Scores = "tokenizer.ggml.scores";
    public const string Merges = "tokenizer.ggml.merges";
    public const string BeginningOfSequence = "tokenizer.ggml.bos_token_id";
    public const string EndOfSequence = "tokenizer.ggml.eos_token_id";
    public const string EndOfTurn = "tokenizer.ggml.eot_token_id";
    public const string EndOfMessage = "tokenizer.ggml.eom_token_id";
    public const string Class = "tokenizer.ggml.cls_token_id";
    // So it is spelled in files.
    public const string Separator = "tokenizer.ggml.seperator_token_id";
    public const string CharacterMap = "tokenizer.ggml.precompiled_charsmap";
    public const string MergesBlanks = "tokenizer.ggml.remove_extra_whitespaces";
    public const string Lowercases = "tokenizer.ggml.normalizer.lowercase";
    public const string StripsAccents = "tokenizer.ggml.normalizer.strip_accents";
    public const string ModelName = "general.name";
    public const string Unknown = "tokenizer.ggml.unknown_token_id";
    public const string AddsBeginningOfSequence = "tokenizer.ggml.add_bos_token";
    public const string AddsEndOfSequence = "tokenizer.ggml.add_eos_token";
    public const string AddsSpacePrefix = "tokenizer.ggml.add_space_prefix";
}
