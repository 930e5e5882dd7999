using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>Reads the rotary embedding of a file: width, base, scaling, and factors per frequency.</summary>
internal static class RopeMetadata
{
    private const float MaxFactor = 1e6f;

    /// <summary>Reads it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="style">Which elements are rotated together; a matter of the architecture.</param>
    /// <param name="factors">True for architectures whose files may have factors per frequency.</param>
    public static RopeScheme Read(ModelWriter model, RopeStyle style, bool factors = false)
    {
        var (keys, headWidth) = (model.Keys, model.Dimensions.KeyWidth);
        var width = keys.Count("rope.dimension_count", headWidth, 2, headWidth);
        if (width % 2 != 0) throw keys.Invalid("rope.dimension_count", $"{width} is odd, and elements are rotated in pairs", "convert the model anew");
        var rope = new RopeParameters
        {
            Style = style,
            RotaryWidth = width,
            Base = keys.Number("rope.freq_base", 10000f, 1f, 1e12f),
            OriginalContext = keys.Count("rope.scaling.original_context_length", model.Dimensions.Context, 1, int.MaxValue),
            AttentionFactor = keys.Number("rope.scaling.attn_factor", 1f, 0f, MaxFactor),
        };
        return new(Scaled(rope, keys), factors ? Factors(model, rope) : null);
    }

    private static RopeParameters Scaled(RopeParameters rope, ArchitectureKeys keys)
    {
        // Files before GGUF had scaling types state the factor alone.
        var factor = keys.Number("rope.scaling.factor", keys.Number("rope.scale_linear", 1f, 0f, MaxFactor), 0f, MaxFactor);
        if (factor == 0) factor = 1;
        var kind = keys.Text("rope.scaling.type", "linear");
        switch (kind)
        {
            case "none": return rope;
            // Long rope is factors, and where a file states a factor besides, that as well.
            case "linear" or "longrope": return rope with { FrequencyScale = 1 / factor };
            case "yarn":
                // The blend's parameters are those of the paper: what files state of them, llama.cpp does not read for these architectures.
                rope = rope with { FrequencyScale = 1 / factor, ExtrapolationFactor = 1 };
                // A factor that shortens does not change the magnitude; the operation's formula would.
                return factor >= 1 ? rope : rope with { AttentionFactor = rope.AttentionFactor / (1 + 0.1f * MathF.Log(factor)) };
            default:
                throw keys.Invalid("rope.scaling.type", $"the scaling '{kind}' is not supported", "use a model with none, linear, yarn or longrope scaling");
        }
    }

    /// <summary>The factors of Llama 3, or those of long rope: one set for contexts up to that of the training, one for longer ones.</summary>
    private static GraphValue? Factors(ModelWriter model, RopeParameters rope)
    {
        const string Long = "rope_factors_long.weight", Short = "rope_factors_short.weight";
        var pairs = rope.RotaryWidth / 2;
        if (model.Tensors.Find("rope_freqs.weight", pairs) is { } factors) return factors;
        if (!model.Tensors.Contains(Long) && !model.Tensors.Contains(Short)) return null;
        return model.Tensors.Find(model.Context > rope.OriginalContext ? Long : Short, pairs);
    }
}
