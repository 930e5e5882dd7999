using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Placement;

/// <summary>A place for the tensors whose names match.</summary>
/// <param name="Pattern">A glob over tensor names: <c>*</c> stands for any characters, <c>?</c> for one.</param>
/// <param name="Device">A device by name or backend id.</param>
public sealed record PlacementRule(string Pattern, string Device)
{
    /// <summary>Reads "PATTERN=DEVICE".</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static PlacementRule Parse(string text)
    {
        var equals = text.LastIndexOf('=');
        if (equals < 1 || equals == text.Length - 1)
            throw new FormatException($"'{text}' is not of the form PATTERN=DEVICE, for example 'blk.*.ffn_*=gpu'.");
        return new(text[..equals], text[(equals + 1)..]);
    }

    /// <summary>True if the pattern matches the whole name.</summary>
    public bool Matches(string tensor) => NamePattern.Matches(Pattern, tensor);

    /// <inheritdoc/>
    public override string ToString() => $"{Pattern}={Device}";
}
