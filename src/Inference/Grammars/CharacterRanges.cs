namespace Hotplug.Inference.Grammars;

/// <summary>Sets of characters as ranges of code points.</summary>
internal static class CharacterRanges
{
    /// <summary>The last code point.</summary>
    public const int Last = 0x10FFFF;

    /// <summary>The ranges in order, those that touch joined.</summary>
    public static List<(int Low, int High)> Normalise(IEnumerable<(int Low, int High)> ranges)
    {
        var result = new List<(int Low, int High)>();
        foreach (var (low, high) in ranges.OrderBy(r => r.Low))
            if (result.Count > 0 && low <= result[^1].High + 1) result[^1] = (result[^1].Low, Math.Max(result[^1].High, high));
            else result.Add((low, high));
        return result;
    }

    /// <summary>All characters that are in none of the ranges.</summary>
    public static List<(int Low, int High)> Complement(IEnumerable<(int Low, int High)> ranges)
    {
        var result = new List<(int Low, int High)>();
        var next = 0;
        foreach (var (low, high) in Normalise(ranges))
        {
            if (low > next) result.Add((next, low - 1));
            next = high + 1;
        }

        if (next <= Last) result.Add((next, Last));
        return result;
    }
}
