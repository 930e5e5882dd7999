using System.Globalization;

namespace Hotplug.Inference.Adapters;

/// <summary>A LoRA adapter that a model is loaded with.</summary>
/// <param name="Path">A GGUF file of <c>adapter.type</c> lora.</param>
/// <param name="Multiplier">Factor on what it adds, besides alpha by rank; 0 leaves it out, though it is checked.</param>
public sealed record LoraReference(string Path, float Multiplier = 1)
{
    /// <summary>Reads <c>FILE[:MULTIPLIER]</c>. What follows the last colon is a multiplier if it is a number; other colons belong to the path.</summary>
    /// <exception cref="FormatException">There is no file, or the multiplier is not finite.</exception>
    public static LoraReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        var hasMultiplier = colon >= 0 && float.TryParse(text.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        var path = hasMultiplier ? text[..colon] : text;
        var multiplier = hasMultiplier ? float.Parse(text.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture) : 1;
        if (path.Length == 0) throw new FormatException($"'{text}' names no adapter. Give FILE or FILE:MULTIPLIER, for example style.gguf:0.5.");
        if (!float.IsFinite(multiplier)) throw new FormatException($"'{text}': a multiplier of {multiplier} makes no sense. Give a number, for example 0.5.");
        return new(path, multiplier);
    }

    /// <inheritdoc/>
    public override string ToString() => Multiplier == 1 ? Path : string.Create(CultureInfo.InvariantCulture, $"{Path}:{Multiplier}");
}
