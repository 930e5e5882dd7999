using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>The types this assembly can read and write.</summary>
internal static class BlockFormats
{
    private static readonly BlockFormat[] All =
    [
        new F32Format(), new F16Format(), new BF16Format(),
        new Q8_0Format(), new Q4_0Format(), new Q4_1Format(), new Q5_0Format(), new Q5_1Format(),
        new Q2_KFormat(), new Q3_KFormat(), new Q4_KFormat(), new Q5_KFormat(), new Q6_KFormat(),
        new IQ4_NLFormat(), new IQ4_XSFormat(), new IQ3_XXSFormat(), new IQ3_SFormat(),
        new IQ2_XXSFormat(), new IQ2_XSFormat(), new IQ2_SFormat(), new IQ1_SFormat(), new IQ1_MFormat(),
        new TQ1_0Format(), new TQ2_0Format(), new MXFP4Format(),
    ];

    public static IReadOnlyList<TensorType> Types { get; } = [.. All.Select(format => format.Type)];

    public static IReadOnlyList<TensorType> Writable { get; } = [.. All.Where(format => format.CanEncode).Select(format => format.Type)];

    public static BlockFormat? Find(TensorType type)
    {
        foreach (var format in All)
            if (format.Type == type) return format;
        return null;
    }

    public static BlockFormat Get(TensorType type) => Find(type)
        ?? throw new NotSupportedException($"{type} has no reference yet. Known: {string.Join(", ", Types)}.");
}
