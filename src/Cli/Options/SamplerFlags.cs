using System.CommandLine;
using System.Globalization;
using Hotplug.Inference.Sampling;

namespace Hotplug.Cli.Options;

/// <summary>The flags of sampling beyond the common ones.</summary>
internal sealed class SamplerFlags
{
    private readonly Option<float> _topA = Number("--top-a", "Choose among tokens at least A times as likely as the square of the most likely", "A", 0);
    private readonly Option<float> _tailFree = Number("--tfs", "Tail-free sampling: cut off what lies behind Z of the bends", "Z", 1);
    private readonly Option<float> _typical = Number("--typical", "Choose among the tokens of typical surprise that make up P", "P", 1);
    private readonly Option<float> _sigma = Number("--top-nsigma", "Choose among tokens within N standard deviations of the best", "N", 0);
    private readonly Option<float> _dynamic = Number("--dynatemp-range", "Let the temperature range so far up and down with the entropy", "R", 0);
    private readonly Option<float> _exponent = Number("--dynatemp-exp", "How the temperature follows the entropy", "E", 1);
    private readonly Option<float> _smoothing = Number("--smoothing-factor", "Quadratic smoothing", "F", 0);
    private readonly Option<float> _curve = Number("--smoothing-curve", "Cubic part of the smoothing", "C", 1);
    private readonly Option<int> _range = new("--repeat-last-n") { Description = "How many tokens count as recent for penalties", HelpName = "N", DefaultValueFactory = _ => 64 };
    private readonly Option<float> _slope = Number("--repeat-slope", "Share of the repetition penalty for the older half of them", "X", 1);
    private readonly Option<float> _presence = Number("--presence-penalty", "Taken from the logit of every recent token", "X", 0);
    private readonly Option<float> _frequency = Number("--frequency-penalty", "Taken from the logit of every recent token each time it is there", "X", 0);
    private readonly Option<float> _dry = Number("--dry-multiplier", "DRY: strength of the penalty of repeated sequences", "X", 0);
    private readonly Option<float> _dryBase = Number("--dry-base", "DRY: growth per token", "X", 1.75f);
    private readonly Option<int> _dryAllowed = new("--dry-allowed-length") { Description = "DRY: sequences up to this long go unpunished", HelpName = "N", DefaultValueFactory = _ => 2 };
    private readonly Option<int> _dryRange = new("--dry-penalty-last-n") { Description = "DRY: how many tokens are looked at", HelpName = "N", DefaultValueFactory = _ => 2048 };
    private readonly Option<string[]> _dryBreaker = new("--dry-sequence-breaker") { Description = "DRY: a text across which no sequence goes (repeatable)", HelpName = "TEXT" };
    private readonly Option<float> _xtc = Number("--xtc-probability", "XTC: how often the top choices are excluded", "P", 0);
    private readonly Option<float> _xtcThreshold = Number("--xtc-threshold", "XTC: how likely a top choice is", "P", 0.1f);
    private readonly Option<int> _mirostat = new("--mirostat") { Description = "Mirostat 1 or 2 in place of the filters; 0 for none", HelpName = "V" };
    private readonly Option<float> _tau = Number("--mirostat-ent", "Mirostat: surprise aimed at, in bits", "TAU", 5);
    private readonly Option<float> _eta = Number("--mirostat-lr", "Mirostat: how fast it learns", "ETA", 0.1f);
    private readonly Option<string[]> _bias = new("--logit-bias") { Description = "Add BIAS to the logit of a token (repeatable); -inf bans it", HelpName = "TOKEN=BIAS" };
    private readonly Option<string?> _order = new("--samplers") { Description = "The steps of sampling in their order, by commas: penalties, topK, topA, tailFree, typical, topP, minP, temperature, topNSigma, xtc; or KoboldAI's numbers", HelpName = "LIST" };

    public IEnumerable<Option> All =>
    [
        _topA, _tailFree, _typical, _sigma, _dynamic, _exponent, _smoothing, _curve, _range, _slope, _presence, _frequency, _dry, _dryBase, _dryAllowed, _dryRange, _dryBreaker,
        _xtc, _xtcThreshold, _mirostat, _tau, _eta, _bias, _order,
    ];

    /// <summary>The flags that were typed, on top of what holds without them.</summary>
    public SamplerOptions Read(ParseResult arguments, SamplerOptions was)
    {
        return was with
        {
            TopA = Value(_topA, was.TopA),
            TailFree = Value(_tailFree, was.TailFree),
            Typical = Value(_typical, was.Typical),
            TopNSigma = Value(_sigma, was.TopNSigma),
            DynamicTemperatureRange = Value(_dynamic, was.DynamicTemperatureRange),
            DynamicTemperatureExponent = Value(_exponent, was.DynamicTemperatureExponent),
            SmoothingFactor = Value(_smoothing, was.SmoothingFactor),
            SmoothingCurve = Value(_curve, was.SmoothingCurve),
            RepetitionWindow = Value(_range, was.RepetitionWindow),
            RepetitionSlope = Value(_slope, was.RepetitionSlope),
            PresencePenalty = Value(_presence, was.PresencePenalty),
            FrequencyPenalty = Value(_frequency, was.FrequencyPenalty),
            Dry = Value(_dry, was.Dry?.Multiplier ?? 0) is not 0 and var multiplier ? new()
            {
                Multiplier = multiplier, Base = Value(_dryBase, was.Dry?.Base ?? 1.75f), AllowedLength = Value(_dryAllowed, was.Dry?.AllowedLength ?? 2),
                Range = Value(_dryRange, was.Dry?.Range ?? 2048), Breakers = Value(_dryBreaker, [.. (was.Dry ?? new()).Breakers]),
            } : null,
            Xtc = Value(_xtc, was.Xtc?.Probability ?? 0) is not 0 and var probability ? new() { Probability = probability, Threshold = Value(_xtcThreshold, was.Xtc?.Threshold ?? 0.1f) } : null,
            Mirostat = Value(_mirostat, was.Mirostat?.Version ?? 0) is not 0 and var version ? new() { Version = version, Tau = Value(_tau, was.Mirostat?.Tau ?? 5), Eta = Value(_eta, was.Mirostat?.Eta ?? 0.1f) } : null,
            LogitBias = Biases(arguments) is { Length: > 0 } biases ? biases.Where(b => float.IsFinite(b.Bias)).ToDictionary(b => b.Token, b => b.Bias) : was.LogitBias,
            BannedTokens = Biases(arguments) is { Length: > 0 } bans ? [.. bans.Where(b => b.Bias == float.NegativeInfinity).Select(b => b.Token)] : was.BannedTokens,
            Order = arguments.GetValue(_order) is { } order ? Order(order) : was.Order,
        };

        T Value<T>(Option<T> option, T otherwise) => arguments.GetResult(option) is { Implicit: false } ? arguments.GetValue(option) ?? otherwise : otherwise;
    }

    private static Option<float> Number(string name, string description, string value, float without)
        => new(name) { Description = description, HelpName = value, DefaultValueFactory = _ => without };

    private (int Token, float Bias)[] Biases(ParseResult arguments) => [.. (arguments.GetValue(_bias) ?? []).Select(text =>
    {
        var parts = text.Split('=');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var token) && TryBias(parts[1], out var bias) ? (token, bias)
            : throw new UsageException($"'{text}' is no value of --logit-bias. Type TOKEN=BIAS, such as 15=-2.5 or 15=-inf.");
    })];

    private static bool TryBias(string text, out float bias)
    {
        bias = float.NegativeInfinity;
        return text == "-inf" || (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out bias) && float.IsFinite(bias));
    }

    private static IReadOnlyList<SamplerStep> Order(string text)
    {
        var words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0 && words.All(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _))) return SamplerOrder.FromKobold([.. words.Select(word => int.Parse(word, CultureInfo.InvariantCulture))]);
        return [.. words.Select(word => Enum.TryParse<SamplerStep>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var step) && Enum.IsDefined(step) ? step
            : throw new UsageException($"'{word}' is no step of sampling. There are: {string.Join(", ", Enum.GetNames<SamplerStep>().Select(name => char.ToLowerInvariant(name[0]) + name[1..]))}."))];
    }
}
