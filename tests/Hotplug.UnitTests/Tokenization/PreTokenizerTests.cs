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

    private static readonly Dictionary<string, string[]> Expressions = new()
    {
        ["gpt-2"] = [Gpt2],
        ["smollm"] = [@"\p{N}", Gpt2],
        ["default"] = [@"[\p{P}\$\+<=>\^~\|]+", Gpt2, @"\p{N}+", "[0-9][0-9][0-9]"],
        ["llama-bpe"] = [Llama3("{1,3}")],
        ["qwen2"] = [Llama3("")],
    };

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Char["ab'sStTlLrReEvV 12345.,+$|\r\n\t\u00A0é½٣语—"].Array[0, 30].Select(letters => new string(letters)),
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
        var start = 0;
        var words = PreTokenizers.Find(name)!.Split(bytes).ConvertAll(end => Encoding.UTF8.GetString(bytes[start..(start = end)]));
        Assert.Equal(expected, words);
    }, iter: 3000);

    [Fact]
    public void Any_bytes_are_cut_into_words_without_loss() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        foreach (var name in PreTokenizers.Names)
        {
            var last = 0;
            foreach (var end in PreTokenizers.Find(name)!.Split(bytes))
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
        Assert.Equal([5, bytes.Length], PreTokenizers.Find("gpt-2")!.Split(bytes));
    }

    private static string Llama3(string digits) =>
        @"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + digits
        + @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    // Matches and what lies between them.
    private static IEnumerable<string> Split(string text, Regex expression)
    {
        var at = 0;
        foreach (Match match in expression.Matches(text))
        {
            if (match.Index > at) yield return text[at..match.Index];
            yield return match.Value;
            at = match.Index + match.Length;
        }

        if (at < text.Length) yield return text[at..];
    }
}
