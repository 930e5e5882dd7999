using Hotplug.Inference.Generation;
using Hotplug.Inference.Sampling;
using Hotplug.Inference.Tokenization;
using Hotplug.Server.Answers;
using Hotplug.Server.Http;

namespace Hotplug.Server.KoboldAI;

/// <summary>Requests of KoboldAI as options of generations. What is not said is as in <see cref="GenerationOptions"/>.</summary>
internal static class GenerateOptions
{
    /// <summary>Tokens of a text, where nothing is said.</summary>
    public const int DefaultLength = 256;

    /// <summary>Most tokens whose probabilities are told beside the chosen one's; the description's.</summary>
    private const int Logprobs = 5;

    /// <summary>Translates a request.</summary>
    /// <exception cref="ApiException">Something makes no sense, or is not supported.</exception>
    public static GenerationOptions Of(GenerateRequest request, Tokenizer tokenizer, int context)
    {
        if (request.Images is { Count: > 0 }) throw ApiException.Unsupported("images", "the models read text.");
        if (request.GrammarRetainState is true) throw ApiException.Unsupported("grammar_retain_state", "each text begins its grammar anew.");
        if (!string.IsNullOrEmpty(request.NegativePrompt) && request.GuidanceScale is not (null or 1)) throw ApiException.Unsupported("guidance_scale", "leave it and negative_prompt out.");
        return TextWriting.Checked(new()
        {
            MaxTokens = Length(request),
            Sampler = Sampler(request, tokenizer, context),
            StopStrings = StopList.Read(request.StopSequence, "stop_sequence"),
            // Clients send empty ones, from fields that are not filled in.
            BannedStrings = [.. (request.BannedTokens ?? []).Concat(request.BannedStrings ?? []).Where(text => !string.IsNullOrEmpty(text)).Distinct()],
            Grammar = string.IsNullOrWhiteSpace(request.Grammar) ? null : request.Grammar,
            Logprobs = request.Logprobs is true ? Logprobs : null,
            WritesSpecialTokens = request.RenderSpecial is true,
            IgnoreEndOfGeneration = request.BypassEos is true || request.IgnoreEos is true,
        });
    }

    /// <summary>Tokens to write at most.</summary>
    public static int Length(GenerateRequest request)
        => request.MaxLength is not { } length ? DefaultLength : length > 0 ? length : throw ApiException.Invalid($"max_length is {length}; ask for at least 1.", "max_length");

    private static SamplerOptions Sampler(GenerateRequest r, Tokenizer tokenizer, int context)
    {
        var defaults = new SamplerOptions();
        return defaults with
        {
            Temperature = r.Temperature ?? defaults.Temperature,
            TopK = r.TopK ?? defaults.TopK,
            TopP = r.TopP ?? defaults.TopP,
            TopA = r.TopA ?? defaults.TopA,
            MinP = r.MinP ?? defaults.MinP,
            TailFree = r.Tfs ?? defaults.TailFree,
            Typical = r.Typical ?? defaults.Typical,
            TopNSigma = r.Nsigma ?? defaults.TopNSigma,
            // At or below 0 the temperature is fixed.
            DynamicTemperatureRange = Math.Max(0, r.DynatempRange ?? 0),
            DynamicTemperatureExponent = r.DynatempExponent is null or 0 ? defaults.DynamicTemperatureExponent : r.DynatempExponent.Value,
            SmoothingFactor = r.SmoothingFactor ?? defaults.SmoothingFactor,
            SmoothingCurve = Math.Max(1, r.SmoothingCurve ?? 1),
            RepetitionPenalty = r.RepPen ?? defaults.RepetitionPenalty,
            RepetitionWindow = r.RepPenRange is { } range ? Math.Clamp(range, 0, context) : defaults.RepetitionWindow,
            // 0 says nothing of the older half, and so does what is above 1.
            RepetitionSlope = r.RepPenSlope is > 0 and <= 1 and var slope ? slope : 1,
            PresencePenalty = r.PresencePenalty ?? 0,
            FrequencyPenalty = r.FrequencyPenalty ?? 0,
            Dry = Dry(r, context),
            Xtc = r.XtcProbability is > 0 and var chance ? new() { Probability = chance, Threshold = r.XtcThreshold ?? new XtcOptions().Threshold } : null,
            Mirostat = Mirostat(r),
            Order = Order(r),
            LogitBias = r.LogitBias is null ? defaults.LogitBias : TokenBiases.Read(r.LogitBias),
            BannedTokens = r.UseDefaultBadwordsids is true || r.BanEosToken is true ? [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(tokenizer.IsEndOfGeneration)] : [],
            // A seed below 1 is none.
            Seed = (r.SamplerSeed ?? r.Seed) is > 0 and var seed ? (ulong)seed : (ulong)Random.Shared.NextInt64(),
        };
    }

    private static DryOptions? Dry(GenerateRequest r, int context)
    {
        if (r.DryMultiplier is not (> 0 and var multiplier)) return null;
        var defaults = new DryOptions();
        return new()
        {
            Multiplier = multiplier,
            Base = r.DryBase ?? defaults.Base,
            AllowedLength = r.DryAllowedLength ?? defaults.AllowedLength,
            Range = r.DryPenaltyLastN is > 0 and var last ? Math.Min(last, context) : context,
            Breakers = r.DrySequenceBreakers ?? defaults.Breakers,
        };
    }

    private static MirostatOptions? Mirostat(GenerateRequest r)
    {
        if (r.Mirostat is not { } version || version == 0) return null;
        var defaults = new MirostatOptions();
        return new() { Version = version, Tau = r.MirostatTau ?? defaults.Tau, Eta = r.MirostatEta ?? defaults.Eta };
    }

    private static IReadOnlyList<SamplerStep>? Order(GenerateRequest r)
    {
        const int Penalties = 6;
        if (r.SamplerOrder is not { Count: > 0 } numbers) return null;
        try
        {
            // An order from before there was a number for the penalties: they come first.
            return SamplerOrder.FromKobold(numbers.Count == Penalties && !numbers.Contains(Penalties) ? [Penalties, .. numbers] : [.. numbers]);
        }
        catch (ArgumentException wrong)
        {
            throw ApiException.Invalid(wrong.Message, "sampler_order");
        }
    }
}
