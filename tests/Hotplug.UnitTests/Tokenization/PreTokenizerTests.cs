using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Hotplug.Inference.Tokenization.PreTokenization;
using Xunit;

namespace Hotplug.UnitTests.Tokenization;

/// <summary>The rules against the regular expressions they stand for, on the characters that .NET's expressions can see.</summary>
public sealed class PreTokenizerTests
{
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const string Ending = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
    private const string Blanks = @"|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Cased = @"[^\r\n\p{L}\p{N}]?((?=[\p{L}MARKS])([^a-z]))*((?=[\p{L}MARKS])([^A-Z]))+ENDING|[^\r\n\p{L}\p{N}]?((?=[\p{L}MARKS])([^a-z]))+((?=[\p{L}MARKS])([^A-Z]))*ENDING";
    private const string LettersAndMarks = @"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+";
    private const string Cjk = "[一-龥\u3040-ゟ゠-ヿ]+";
    private const string DeepSeekScripts = "[一-龥ࠀ-一가-\uD7FF-[\\s]]+";
    private const string DeepSeekWords = @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+";

    private static readonly Dictionary<string, string[]> Expressions = new()
    {
        ["gpt-2"] = [Gpt2],
        ["smollm"] = [@"\p{N}", Gpt2],
        ["default"] = [@"[\p{P}\$\+<=>\^~\|]+", Gpt2, @"\p{N}+", "[0-9][0-9][0-9]"],
        ["falcon"] = [@"[\p{P}\$\+<=>\^~\|`]+", Gpt2, "[0-9][0-9][0-9]"],
        ["llama-bpe"] = [Words("{1,3}")],
        ["qwen2"] = [Words("")],
        ["minicpm5"] = [@"\p{N}{1,3}", Words("+")],
        ["laguna"] = [@"[^\n]+|[\n]+", Words("")],
        ["jais-2"] = [Words("{1,3}").Replace(@"|\s+(?!\S)|\s+", string.Concat(((int[])[512, 256, 128, 64, 32, 16, 8, 4]).Select(n => $@"|\s{{{n}}}(?!\S)")) + @"|\s{1,2}(?!\S)|\s{1}")],
        ["ufakzeka"] = [Words("").Replace(Ending + "|", "")],
        ["seed-coder"] = [Words("").Replace(@"[^\s\p{L}\p{N}]+[\r\n]*", @"[^\s\p{L}\p{N}\r\n]+")],
        ["qwen35"] = [Ending + "|" + LettersAndMarks + @"|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*" + Blanks],
        ["exaone-moe"] = [Ending + @"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+"],
        ["tekken"] = [Cased.Replace("MARKS", "").Replace("ENDING", "") + @"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*" + Blanks],
        ["gpt-4o"] = [Cased.Replace("MARKS", "").Replace("ENDING", Ending + "?") + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*" + Blanks],
        ["granite-embed-multi-97m"] = [Cased.Replace("MARKS", @"\p{M}").Replace("ENDING", Ending + "?") + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*" + Blanks],
        ["youtu"] = ["[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|" + Cjk, LettersAndMarks + Ending + @"?|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*" + Blanks],
        ["deepseek-coder"] = [@"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", DeepSeekScripts, @"\p{N}"],
        ["deepseek-v3"] = [@"\p{N}{1,3}", Cjk, DeepSeekWords + @"[\r\n]*" + Blanks],
        ["spark2_5"] = [@"\p{N}{1,3}", Cjk, DeepSeekWords + @"|[\r\n]|\s+(?!\S)|\s+", @"\p{N}"],
        ["bloom"] = [@" ?[^(\s|.,!?…。，、।۔،)]+"],
        ["viking"] = [@" ?[^(\s|.,!?…。，、।۔،)]+", @"\p{N}"],
        ["superbpe"] = [@"\p{N}+", @"(?=([0-9]{3})+(?![0-9]))"],
        ["chameleon"] = ["<sentinel:[0-9]+>", "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z", "([\\t\\n]|    |  )", @"\p{N}", @"[\p{P}!-/:-@\[-`{-~]", Gpt2],
    };

    private static readonly string[] Parts =
        ["ab", "AB", "Ab", "aB", "'ll", "'S", " ", "  ", "\n", " \n", "12345", "1234", "é", "Ä", "\u0301", "语", "!?", "//", "<sentinel:12>", "IMGIMGABZ", "IMGIMGZ", "    "];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Char["ab'sStTlLrReEvVmMdD 12345.,+$|~`/<>()\r\n\t\u00A0\u3000éÄ½٣语は한ㄅ—，。\u0301\u0904"].Array[0, 40].Select(letters => new string(letters)),
        Gen.Int[0, Parts.Length - 1].Select(part => Parts[part]).Array[0, 12].Select(string.Concat),
        Gen.Char.Where(letter => !char.IsSurrogate(letter)).Array[0, 30].Select(letters => new string(letters)));

    public static TheoryData<string> Names => [.. Expressions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Words_are_those_of_the_expressions(string name) => Texts.Sample(text =>
    {
        List<string> expected = [text];
        foreach (var expression in Expressions[name])
            expected = [.. expected.SelectMany(word => Split(word, new Regex(expression, RegexOptions.CultureInvariant)))];
        var bytes = Encoding.UTF8.GetBytes(text);
        var (start, ends) = (0, new List<int>());
        PreTokenizers.Find(name)!.Split(bytes, ends);
        var words = ends.ConvertAll(end => Encoding.UTF8.GetString(bytes[start..(start = end)]));
        Assert.Equal(expected, words);
    }, iter: 3000);

    [Fact]
    public void Any_bytes_are_cut_into_words_without_loss() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        foreach (var name in PreTokenizers.Names)
        {
            var (last, ends) = (0, new List<int>());
            PreTokenizers.Find(name)!.Split(bytes, ends);
            foreach (var end in ends)
            {
                Assert.InRange(end, last + 1, bytes.Length);
                last = end;
            }

            Assert.Equal(bytes.Length, last);
        }
    });

    [Fact]
    public void Letters_beyond_the_basic_plane_are_letters()
    {
        var bytes = Encoding.UTF8.GetBytes("𐐀a 𐐀");
        var ends = new List<int>();
        PreTokenizers.Find("gpt-2")!.Split(bytes, ends);
        Assert.Equal([5, bytes.Length], ends);
    }

    private static string Words(string digits) => Ending + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + digits + @"| ?[^\s\p{L}\p{N}]+[\r\n]*" + Blanks;

    // Matches and what lies between them.
    private static IEnumerable<string> Split(string text, Regex expression)
    {
        var at = 0;
        foreach (Match match in expression.Matches(text))
        {
            if (match.Index > at) yield return text[at..match.Index];
            if (match.Length > 0) yield return match.Value;
            at = match.Index + match.Length;
        }

        if (at < text.Length) yield return text[at..];
    }
}
