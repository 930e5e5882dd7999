using System.Globalization;

namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>Characters given by their code points, first and last of each range in order. Immutable.</summary>
internal sealed class CharRanges
{
    /// <summary>CJK ideographs in the blocks that llama.cpp counts.</summary>
    public static readonly CharRanges Han = new("3400-4DBF 4E00-9FFF F900-FAFF 20000-2A6DF 2A700-2B73F 2B740-2B81F 2B820-2CEAF 2CEB0-2EBEF 2F800-2FA1F");

    private readonly int[] _bounds;

    /// <summary>Reads ranges such as <c>41-5A 61-7A B5</c>, ascending.</summary>
    public CharRanges(string ranges)
    {
        var bounds = new List<int>();
        foreach (var range in ranges.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = range.IndexOf('-');
            bounds.Add(Hex(dash < 0 ? range : range[..dash]));
            bounds.Add(Hex(dash < 0 ? range : range[(dash + 1)..]) + 1);
        }
        _bounds = [.. bounds];

        static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    /// <summary>True for members.</summary>
    public bool Contains(int codePoint)
    {
        var at = Array.BinarySearch(_bounds, codePoint);
        // Found: a begin is at an even place. Not found: between a begin and its end the next larger is at an odd one.
        return (at >= 0 ? at : ~at - 1 < 0 ? 1 : ~at - 1) % 2 == 0;
    }
}
