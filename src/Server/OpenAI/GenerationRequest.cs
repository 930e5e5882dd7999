using System.Globalization;
using System.Text.Json;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Sampling;
using Hotplug.Server.Answers;
using Hotplug.Server.Http;

namespace Hotplug.Server.OpenAI;

/// <summary>What requests for text have in common. <c>top_k</c>, <c>min_p</c> and <c>repeat_penalty</c> are not OpenAI's, but what clients of local servers send.</summary>
internal abstract record GenerationRequest
{
    public string? Model { get; init; }
    public bool? Stream { get; init; }
    public StreamOptions? StreamOptions { get; init; }
    public int? N { get; init; }
    public JsonElement? Stop { get; init; }
    public long? Seed { get; init; }
    public float? Temperature { get; init; }
    public float? TopP { get; init; }
    public int? TopK { get; init; }
    public float? MinP { get; init; }
    public float? RepeatPenalty { get; init; }
    public float? FrequencyPenalty { get; init; }
    public float? PresencePenalty { get; init; }
    public Dictionary<string, float>? LogitBias { get; init; }
    public int? MaxTokens { get; init; }

    /// <summary>Whether a last event with the usage is asked for.</summary>
    internal bool IncludesUsage => StreamOptions?.IncludeUsage is true;

    /// <summary>How many answers are wanted.</summary>
    /// <exception cref="ApiException">None, or too many.</exception>
    internal int Answers => N is null or (>= 1 and <= TextWriting.MaxTexts) ? N ?? 1 : throw ApiException.Invalid($"n is {N}; ask for 1 to {TextWriting.MaxTexts} answers.", "n");

    /// <summary>The options of a generation; what is not said is as in <see cref="GenerationOptions"/>.</summary>
    /// <param name="maxTokens">Tokens at most.</param>
    /// <param name="logprobs">Best tokens to note, or null.</param>
    /// <exception cref="ApiException">Something makes no sense.</exception>
    protected GenerationOptions Options(int maxTokens, int? logprobs)
    {
        if (maxTokens < 1) throw ApiException.Invalid($"{maxTokens} tokens are no answer. Ask for at least 1.", "max_tokens");
        var defaults = new SamplerOptions();
        return TextWriting.Checked(new()
        {
            MaxTokens = maxTokens,
            Logprobs = logprobs,
            StopStrings = StopList.Read(Stop),
            Sampler = defaults with
            {
                Temperature = Temperature ?? defaults.Temperature,
                TopP = TopP ?? defaults.TopP,
                TopK = TopK ?? defaults.TopK,
                MinP = MinP ?? defaults.MinP,
                RepetitionPenalty = RepeatPenalty ?? defaults.RepetitionPenalty,
                FrequencyPenalty = FrequencyPenalty ?? 0,
                PresencePenalty = PresencePenalty ?? 0,
                LogitBias = LogitBias is null ? defaults.LogitBias : TokenBiases.Read(LogitBias),
                Seed = Seed is { } seed ? unchecked((ulong)seed) : (ulong)Random.Shared.NextInt64(),
            },
        });
    }
}
