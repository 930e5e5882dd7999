using System.Globalization;
using System.Text;

namespace Hotplug.Inference.Tokenization;

/// <summary>What BERT does to characters before it looks for words. Immutable.</summary>
/// <param name="Lowercases">Upper case becomes lower case.</param>
/// <param name="StripsAccents">Of a character that is composed of others only the first one stays, and marks vanish.</param>
internal sealed record WordNormalizer(bool Lowercases, bool StripsAccents)
{
    private static readonly Rune Replacement = Rune.ReplacementChar;

    /// <summary>What becomes of a character that is no blank; false if it vanishes.</summary>
    /// <param name="rune">The character.</param>
    /// <param name="normalized">What it becomes.</param>
    /// <param name="isWord">True if it is a word of its own: punctuation, ASCII symbols, ideographs.</param>
    public bool TryNormalize(Rune rune, out Rune normalized, out bool isWord)
    {
        normalized = StripsAccents && !rune.IsAscii ? Decomposition.First(rune) : rune;
        isWord = false;
        var category = Rune.GetUnicodeCategory(normalized);
        if (normalized.Value == 0 || normalized == Replacement || category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate) return false;
        if (StripsAccents && category is (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)) return false;
        isWord = category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation
            || normalized.Value < 0x7F && category is >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol || IsIdeograph(normalized.Value);
        if (Lowercases) normalized = Rune.ToLowerInvariant(normalized);
        return true;
    }

    // The blocks that BERT counts, one of them with the begin that its implementations have.
    private static bool IsIdeograph(int value) => value is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B73F
        or >= 0x2B740 and <= 0x2B81F or >= 0x2B920 and <= 0x2CEAF or >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F;
}
