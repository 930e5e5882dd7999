using System.Text.Json;

namespace Hotplug.Server.KoboldAI;

/// <summary>The body of <c>POST /api/v1/generate</c> and <c>POST /api/extra/generate/stream</c>. Fields of KoboldAI's own page, such as those about formatting and its memory, are not read.</summary>
internal sealed record GenerateRequest
{
    public string? Model { get; init; }
    public string? Prompt { get; init; }
    public string? Memory { get; init; }
    public int? N { get; init; }
    public int? MaxContextLength { get; init; }
    public int? MaxLength { get; init; }
    public string? Genkey { get; init; }
    public bool? TrimStop { get; init; }
    public JsonElement? StopSequence { get; init; }
    public bool? Logprobs { get; init; }

    public float? Temperature { get; init; }
    public int? TopK { get; init; }
    public float? TopP { get; init; }
    public float? TopA { get; init; }
    public float? MinP { get; init; }
    public float? Tfs { get; init; }
    public float? Typical { get; init; }
    public float? Nsigma { get; init; }
    public float? DynatempRange { get; init; }
    public float? DynatempExponent { get; init; }
    public float? SmoothingFactor { get; init; }
    public float? SmoothingCurve { get; init; }
    public float? RepPen { get; init; }
    public int? RepPenRange { get; init; }
    public float? RepPenSlope { get; init; }
    public float? PresencePenalty { get; init; }
    public float? FrequencyPenalty { get; init; }
    public float? DryMultiplier { get; init; }
    public float? DryBase { get; init; }
    public int? DryAllowedLength { get; init; }
    public int? DryPenaltyLastN { get; init; }
    public IReadOnlyList<string>? DrySequenceBreakers { get; init; }
    public float? XtcThreshold { get; init; }
    public float? XtcProbability { get; init; }
    public int? Mirostat { get; init; }
    public float? MirostatTau { get; init; }
    public float? MirostatEta { get; init; }
    public IReadOnlyList<int>? SamplerOrder { get; init; }
    public long? SamplerSeed { get; init; }
    public long? Seed { get; init; }
    public Dictionary<string, float>? LogitBias { get; init; }

    public IReadOnlyList<string>? BannedTokens { get; init; }
    public IReadOnlyList<string>? BannedStrings { get; init; }
    public bool? UseDefaultBadwordsids { get; init; }
    public bool? BanEosToken { get; init; }
    public bool? BypassEos { get; init; }
    public bool? IgnoreEos { get; init; }
    public bool? RenderSpecial { get; init; }
    public string? Grammar { get; init; }

    public bool? GrammarRetainState { get; init; }
    public string? NegativePrompt { get; init; }
    public float? GuidanceScale { get; init; }
    public IReadOnlyList<JsonElement>? Images { get; init; }
}
