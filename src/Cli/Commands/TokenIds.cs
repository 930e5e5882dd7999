using System.Globalization;

namespace Hotplug.Cli.Commands;

/// <summary>Token ids as they are typed: <c>1,2,3</c>.</summary>
internal static class TokenIds
{
    public static int[] Parse(string text)
    {
        var words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) throw new UsageException("--tokens names no token. Type ids separated by commas, for example 1,2,3.");
        return [.. words.Select(Id)];
    }

    private static int Id(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
        : throw new UsageException($"'{word}' is no token id. Type ids separated by commas, for example 1,2,3.");
}
