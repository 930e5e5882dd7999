using System.Globalization;
using System.Text.Json;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Sampling;
using Hotplug.Server.Http;

namespace Hotplug.Server.OpenAI;

/// <summary>What requests for text have in common. <c>top_k</c>, <c>min_p</c> and <c>repeat_penalty</c> are not OpenAI's, but what clients of local servers send.</summary>
internal abstract record GenerationRequest
{
    /// <summary>Most texts that end an answer.</summary>
    private const int MaxStops = 256;

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

    /// <summary>The options of a generation; what is not said is as in <see cref="GenerationOptions"/>.</summary>
    /// <param name="maxTokens">Tokens at most.</param>
    /// <param name="logprobs">Best tokens to note, or null.</param>
    /// <exception cref="ApiException">Something makes no sense.</exception>
    protected GenerationOptions Options(int maxTokens, int? logprobs)
    {
        if (N is not (null or 1)) throw ApiException.Invalid($"n is {N}, and this server gives one answer per request. Send the request {N} times with different seeds instead.", "n");
        if (maxTokens < 1) throw ApiException.Invalid($"{maxTokens} tokens are no answer. Ask for at least 1.", "max_tokens");
        var defaults = new SamplerOptions();
        return new()
        {
            MaxTokens = maxTokens,
            Logprobs = logprobs,
            StopStrings = Stops(),
            Sampler = defaults with
            {
                Temperature = Temperature ?? defaults.Temperature,
                TopP = TopP ?? defaults.TopP,
                TopK = TopK ?? defaults.TopK,
                MinP = MinP ?? defaults.MinP,
                RepetitionPenalty = RepeatPenalty ?? defaults.RepetitionPenalty,
                FrequencyPenalty = FrequencyPenalty ?? 0,
                PresencePenalty = PresencePenalty ?? 0,
                LogitBias = Biases() ?? defaults.LogitBias,
                Seed = Seed is { } seed ? unchecked((ulong)seed) : (ulong)Random.Shared.NextInt64(),
            },
        };
    }

    private string[] Stops()
    {
        string[] stops = Stop switch
        {
            null or { ValueKind: JsonValueKind.Null } => [],
            { ValueKind: JsonValueKind.String } one => [one.GetString()!],
            { ValueKind: JsonValueKind.Array } several when several.EnumerateArray().All(s => s.ValueKind == JsonValueKind.String) => [.. several.EnumerateArray().Select(s => s.GetString()!)],
            _ => throw ApiException.Invalid("stop is neither a text nor a list of texts.", "stop"),
        };
        if (stops.Length > MaxStops) throw ApiException.Invalid($"stop has {stops.Length} texts; at most {MaxStops} are looked for.", "stop");
        return stops.Any(s => s.Length == 0) ? throw ApiException.Invalid("A text of stop is empty, and would end every answer at once.", "stop") : stops;
    }

    private Dictionary<int, float>? Biases()
    {
        if (LogitBias is null) return null;
        var biases = new Dictionary<int, float>();
        foreach (var (token, bias) in LogitBias)
            biases[int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw ApiException.Invalid($"'{token}' in logit_bias is no number of a token.", "logit_bias")] = bias;
        return biases;
    }
}
