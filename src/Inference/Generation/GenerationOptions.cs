using Hotplug.Inference.Sampling;

namespace Hotplug.Inference.Generation;

/// <summary>How text is generated.</summary>
public sealed record GenerationOptions
{
    /// <summary>Tokens to generate at most.</summary>
    public int MaxTokens { get; init; } = 128;

    /// <summary>How tokens are chosen.</summary>
    public SamplerOptions Sampler { get; init; } = new();

    /// <summary>Texts that end the generation; they are not part of the result.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>
    /// Texts that must not appear, whatever their case. Text is held back while one may be beginning; when one is complete, the generation goes back to the token in which it began and
    /// chooses another.
    /// </summary>
    public IReadOnlyList<string> BannedStrings { get; init; } = [];

    /// <summary>A grammar in GBNF that the generated text keeps to; null for none. For a JSON schema see <see cref="Grammars.Json.JsonSchemaGrammar"/>. Ends with the text that it describes.</summary>
    public string? Grammar { get; init; }

    /// <summary>Notes the log probability of every token and of so many of the best ones: <see cref="TextGenerator.Choices"/>. Null notes none.</summary>
    public int? Logprobs { get; init; }

    /// <summary>Most of the best tokens that are noted.</summary>
    public const int MaxLogprobs = 100;

    /// <summary>What to do when the context is full.</summary>
    public ContextOverflow Overflow { get; init; }

    /// <summary>Tokens that stand for no text, such as marks of tools, write their names; the one that ends the text never does.</summary>
    public bool WritesSpecialTokens { get; init; }

    /// <summary>Goes on when the model wants to end.</summary>
    public bool IgnoreEndOfGeneration { get; init; }

    /// <summary>Says what makes no sense, one sentence per value; nothing if the options are right. A grammar is looked at when it is compiled.</summary>
    public IEnumerable<string> Problems()
    {
        if (MaxTokens < 0) yield return $"{nameof(MaxTokens)} is {MaxTokens}; no text is shorter than nothing.";
        if (Logprobs is < 0 or > MaxLogprobs) yield return $"{nameof(Logprobs)} is {Logprobs}; it must be from 0 to {MaxLogprobs}.";
        foreach (var problem in Sampler.Problems()) yield return problem;
        foreach (var problem in Text.StopStrings.Problems(StopStrings)) yield return problem;
        foreach (var problem in Generation.BannedStrings.Problems(BannedStrings)) yield return problem;
    }
}
