namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>
/// Rotary position embedding. For pair i of w/2 the angle is p · f_i with f_i = Base^(−2i/w) / factors_i. With YaRN (Peng et al. 2023, arXiv:2309.00071)
/// the interpolated frequency f_i·FrequencyScale and the original f_i are blended: ramp(i) = clamp((i − low) / max(0.001, high − low), 0, 1) with
/// low, high = floor, ceil of w · ln(OriginalContext / (2π · beta)) / (2 · ln Base) for BetaFast and BetaSlow, clipped to [0, w − 1];
/// the share of the original is (1 − ramp(i)) · ExtrapolationFactor. Sines and cosines are multiplied by the magnitude AttentionFactor, with YaRN
/// (ExtrapolationFactor ≠ 0) additionally by 1 + 0.1 · ln(1 / FrequencyScale). Elements beyond the rotary width pass through.
/// </summary>
public sealed record RopeParameters
{
    /// <summary>Which elements are rotated together.</summary>
    public required RopeStyle Style { get; init; }

    /// <summary>w: elements of a head that are rotated; even, at most the head's width.</summary>
    public required int RotaryWidth { get; init; }

    /// <summary>Base of the frequencies.</summary>
    public float Base { get; init; } = 10000f;

    /// <summary>Factor on every frequency; 1 / factor for linear scaling.</summary>
    public float FrequencyScale { get; init; } = 1f;

    /// <summary>Share of the original frequencies that YaRN keeps; 0 for no YaRN.</summary>
    public float ExtrapolationFactor { get; init; }

    /// <summary>Magnitude of the rotated elements.</summary>
    public float AttentionFactor { get; init; } = 1f;

    /// <summary>YaRN: rotations above which a frequency is kept.</summary>
    public float BetaFast { get; init; } = 32f;

    /// <summary>YaRN: rotations below which a frequency is interpolated.</summary>
    public float BetaSlow { get; init; } = 1f;

    /// <summary>YaRN: the context the model was trained with.</summary>
    public int OriginalContext { get; init; }
}
