namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>
/// The pre-tokenizers by the names that <c>tokenizer.ggml.pre</c> gives them. To support another one, add its rules here;
/// which rules belong to which name is fact taken from llama.cpp's vocabulary loader.
/// </summary>
internal static class PreTokenizers
{
    /// <summary>For files that name none.</summary>
    public const string Default = "default";

    private static readonly Dictionary<string, PreTokenizer> ByName = All();

    /// <summary>The names, in order.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The pre-tokenizer of that name, or null.</summary>
    public static PreTokenizer? Find(string name) => ByName.GetValueOrDefault(name);

    private static Dictionary<string, PreTokenizer> All()
    {
        var (gpt2, llama3, qwen2) = (new Gpt2Rule(), new WordRule { Digits = 3 }, new WordRule { Digits = 1 });
        var (digit, threeDigits, numbers) = (new NumberRule(1), new NumberRule(3), new NumberRule(int.MaxValue));
        var cjk = new RangeRule(ScriptRanges.HanAndKana);
        var deepSeek3 = new DeepSeek3Rule();
        var gpt4o = new WordRule { Digits = 3, Letters = WordLetters.Cased, CutsContractions = false, KeepsContractions = true, Trailing = "\r\n/" };
        var lettersAndMarks = new WordRule { Digits = 3, Letters = WordLetters.LettersAndMarks, CutsContractions = false, KeepsContractions = true, Trailing = "\r\n/" };

        var all = new Dictionary<string, PreTokenizer>(StringComparer.Ordinal);
        Add(new(new PunctuationRule("$+<=>^~|"), gpt2, numbers, new AsciiTripletRule()), Default);
        Add(new(new PunctuationRule("$+<=>^~|`"), gpt2, new AsciiTripletRule()), "falcon");
        Add(new(gpt2), "gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4", "gigachat", "a.x-4.0", "mellum", "modern-bert", "roberta-bpe",
            "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "jina-v1-en", "jina-v2-code");
        Add(new(digit, gpt2), "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b", "mellum2");
        Add(new(llama3) { IgnoresMerges = true, AddsBeginningOfSequence = true }, "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano");
        Add(new(llama3), "dbrx", "smaug-bpe", "chatglm-bpe", "glm4");
        Add(new(new WordRule { Digits = 3, CascadesBlanks = true }), "jais-2");
        Add(new(threeDigits, new WordRule()) { IgnoresMerges = true }, "minicpm5");
        Add(new(qwen2), "qwen2", "deepseek-r1-qwen", "stablelm2", "hunyuan", "solar-open", "grok-2", "megrez", "kormo", "f2llmv2", "bailingmoe", "bailingmoe2", "llada-moe");
        Add(new(new WordRule { Digits = 1, Letters = WordLetters.LettersAndMarks, ExcludesMarks = true }), "qwen35");
        Add(new(new WordRule { Digits = 1, CutsContractions = false }), "ufakzeka");
        Add(new(new WordRule { Digits = 1, Trailing = "" }), "seed-coder");
        Add(new(new LineRule(), qwen2), "laguna");
        Add(new(new WordRule { Digits = 1, Letters = WordLetters.Phrases, Trailing = "\r\n/", TrailingLimit = 1 }), "exaone-moe");
        Add(new(new WordRule { Digits = 1, Letters = WordLetters.Cased, CutsContractions = false, Trailing = "\r\n/" }) { IgnoresMerges = true, AddsBeginningOfSequence = true }, "tekken");
        Add(new(gpt4o), "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2");
        Add(new(new WordRule { Digits = 3, Letters = WordLetters.CasedWithMarks, CutsContractions = false, KeepsContractions = true, Trailing = "\r\n/" }) { IgnoresMerges = true }, "granite-embed-multi-97m");
        Add(new(new LeadingDigitGroupRule(), lettersAndMarks), "tiny_aya", "cohere2moe");
        Add(new(new WordRule { Digits = 3, Letters = WordLetters.WithoutHan, CutsContractions = false, KeepsContractions = true }), "kimi-k2");
        Add(new(new LineBreakRule(), new RangeRule(ScriptRanges.CasedLetters, withBlank: true), new RangeRule(ScriptRanges.DeepSeekSigns, withBlank: true), new TrailingBlankRule(),
            new RangeRule(ScriptRanges.DeepSeekScripts), numbers), "deepseek-llm");
        Add(new(new LineBreakRule(), new ClassRule(CharClass.Letter), new ClassRule(CharClass.Punctuation), new RangeRule(ScriptRanges.DeepSeekScripts), digit), "deepseek-coder");
        Add(new(threeDigits, cjk, deepSeek3), "deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4");
        Add(new(threeDigits, cjk, new DeepSeek3Rule { IsolatesLineBreaks = true }, digit), "spark2_5");
        Add(new(new LeadingDigitGroupRule(), new RangeRule(ScriptRanges.AsianScripts), deepSeek3), "afmoe");
        Add(new(new RangeRule(ScriptRanges.Hangul), new RangeRule(ScriptRanges.WideSigns), new RangeRule(ScriptRanges.Bopomofo), cjk,
            new WordRule { Digits = 1, Letters = WordLetters.LettersAndMarks, CutsContractions = false, KeepsContractions = true, Trailing = "\r\n/" }) { IgnoresMerges = true }, "youtu");
        Add(new(new BloomRule()), "bloom", "poro-chat", "gpt3-finnish");
        Add(new(new BloomRule(), digit), "viking");
        Add(new(numbers, new DigitGroupRule()), "superbpe");
        Add(new(new ChameleonRule(ChameleonRule.Part.Sentinel), new ChameleonRule(ChameleonRule.Part.Image), new ChameleonRule(ChameleonRule.Part.Indentation), digit,
            new ChameleonRule(ChameleonRule.Part.Sign), gpt2) { AddsBeginningOfSequence = true }, "chameleon");
        Add(new(new LineRule()) { JoinsCharacters = true, KeepsLineFeeds = true, AddsBeginningOfSequence = true }, "gemma4", "granite-embed-multi-311m");
        Add(new(new LineRule()) { JoinsCharacters = true }, "sarvam-moe");
        return all;

        void Add(PreTokenizer preTokenizer, params ReadOnlySpan<string> names)
        {
            foreach (var name in names) all.Add(name, preTokenizer);
        }
    }
}
