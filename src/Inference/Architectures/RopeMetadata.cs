using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Inference.Gguf;

namespace Hotplug.Inference.Architectures;

/// <summary>Reads the rotary embedding of a file: width, base and scaling.</summary>
internal static class RopeMetadata
{
    public static RopeParameters Read(GgufMetadata metadata, string prefix, RopeStyle style, int headWidth, int trainedContext)
    {
        var width = metadata.GetInt32($"{prefix}.rope.dimension_count", headWidth, 2, headWidth);
        if (width % 2 != 0) throw metadata.Invalid($"{prefix}.rope.dimension_count", $"{width} is odd, and elements are rotated in pairs", "convert the model anew");
        var rope = new RopeParameters
        {
            Style = style,
            RotaryWidth = width,
            Base = metadata.GetFloat($"{prefix}.rope.freq_base", 10000f, 1f, 1e12f),
            OriginalContext = metadata.GetInt32($"{prefix}.rope.scaling.original_context_length", trainedContext, 1),
        };
        var kind = metadata.GetString($"{prefix}.rope.scaling.type", "linear");
        // Files before GGUF had scaling types state the factor alone.
        var factor = metadata.GetFloat($"{prefix}.rope.scaling.factor", metadata.GetFloat($"{prefix}.rope.scale_linear", 1f, 0f, 1e6f), 0f, 1e6f);
        if (factor == 0) factor = 1;
        return kind switch
        {
            "none" => rope,
            "linear" => rope with { FrequencyScale = 1 / factor },
            "yarn" => rope with
            {
                FrequencyScale = 1 / factor,
                ExtrapolationFactor = metadata.GetFloat($"{prefix}.rope.scaling.yarn_ext_factor", 1f),
                AttentionFactor = metadata.GetFloat($"{prefix}.rope.scaling.attn_factor", metadata.GetFloat($"{prefix}.rope.scaling.yarn_attn_factor", 1f)),
                BetaFast = metadata.GetFloat($"{prefix}.rope.scaling.yarn_beta_fast", 32f),
                BetaSlow = metadata.GetFloat($"{prefix}.rope.scaling.yarn_beta_slow", 1f),
            },
            _ => throw metadata.Invalid($"{prefix}.rope.scaling.type", $"the scaling '{kind}' is not supported for this architecture", "use a model with none, linear or yarn scaling"),
        };
    }
}
