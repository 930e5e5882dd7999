using System.Text;

namespace Hotplug.ConformanceTests.Peers;

/// <summary>Texts of many scripts, numbers, blanks and signs, made from a seed: what pre-tokenizers treat differently lies close together.</summary>
internal static class GeneratedText
{
    private static readonly (int First, int Last)[] Scripts =
    [
        ('a', 'z'), ('a', 'z'), ('A', 'Z'), ('0', '9'), ('!', '/'), (':', '@'), ('[', '`'), ('{', '~'), (0xA1, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x4FF), (0x5D0, 0x5EA), (0x620, 0x6D4),
        (0x900, 0x97F), (0xE01, 0xE5B), (0x1100, 0x11FF), (0x1780, 0x17E9), (0x1E00, 0x1EFF), (0x2010, 0x205E), (0x2070, 0x2189), (0x2190, 0x22FF), (0x3001, 0x303F), (0x3041, 0x30FF), (0x3105, 0x318E),
        (0x4E00, 0x9FA5), (0xAC00, 0xD7A3), (0xFE30, 0xFE4F), (0xFF01, 0xFFDC), (0x10400, 0x1044F), (0x1D400, 0x1D7FF), (0x1F600, 0x1F64F), (0x20000, 0x20100), (0x660, 0x669), (1, 31),
    ];

    private static readonly string[] Blanks = [" ", " ", " ", "  ", "   ", "    ", "\n", "\n\n", "\r\n", " \n ", "\t", "\u00A0", "\u3000", "\u2003 ", " \u2028", "", ""];

    private static readonly string[] Words = ["don't", "WE'LL", "I'M", "he'd", "they'Ve", "x's", "it'S", "Ünïcode", "ÄBC", "ABCdef", "camelCaseWord", "12345678", "1234567", "123abc", "3.14", "$100", "e.g.,", "a/b//", "~x", "#!", "<s>", "<|im_end|>", "<sentinel:12>", "IMGIMGABZ", "한국어 텍스트", "中文字符", "ไทย", "नमस्ते", "é", "👩‍👩‍👧", "１２３", "Ⅷ", "½"];

    /// <summary>A text of about so many characters that does not end with a line feed.</summary>
    public static string Make(int seed, int characters)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        while (text.Length < characters)
        {
            if (random.Next(4) == 0)
            {
                text.Append(Words[random.Next(Words.Length)]);
            }
            else
            {
                var (first, last) = Scripts[random.Next(Scripts.Length)];
                for (var n = random.Next(1, 9); n > 0; n--)
                    text.Append(new Rune(random.Next(first, last + 1)).ToString());
            }
            if (random.Next(3) > 0) text.Append(Blanks[random.Next(Blanks.Length)]);
        }
        return text.Append('.').ToString();
    }
}
