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
        var gpt2 = new PreTokenizer(new Gpt2Rule());
        var digitByDigit = new PreTokenizer(new NumberRule(1), new Gpt2Rule());
        var llama3 = new PreTokenizer(new Llama3Rule(3)) { IgnoresMerges = true, AddsBeginningOfSequence = true };
        var qwen2 = new PreTokenizer(new Llama3Rule(1));
        return new(StringComparer.Ordinal)
        {
            [Default] = new(new PunctuationRule("$+<=>^~|"), new Gpt2Rule(), new NumberRule(int.MaxValue), new AsciiTripletRule()),
            ["gpt-2"] = gpt2,
            ["phi-2"] = gpt2,
            ["olmo"] = gpt2,
            ["smollm"] = digitByDigit,
            ["starcoder"] = digitByDigit,
            ["refact"] = digitByDigit,
            ["command-r"] = digitByDigit,
            ["llama-bpe"] = llama3,
            ["llama3"] = llama3,
            ["llama-v3"] = llama3,
            ["qwen2"] = qwen2,
            ["deepseek-r1-qwen"] = qwen2,
            ["stablelm2"] = qwen2,
        };
    }
}
