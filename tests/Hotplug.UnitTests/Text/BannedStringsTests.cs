using System.Text;
using Hotplug.Inference.Generation;
using Xunit;

namespace Hotplug.UnitTests.Text;

/// <summary>Banned texts are found wherever tokens cut them, and what is given out is never taken back.</summary>
public sealed class BannedStringsTests
{
    [Theory]
    [InlineData("a| tap|es|try", "tapestry", "a", 3)]
    [InlineData("a| TAP|ES|TRY", "tapestry", "a", 3)]
    [InlineData("x|ab|c", "bc", "x", 2)]
    [InlineData("one two", "two", "", 1)]
    [InlineData("a|b|c|x", "abcd|bc", "", 2)]
    public void Says_with_which_token_it_began(string tokens, string banned, string given, int back)
    {
        var search = new BannedStrings(banned.Split('|'));
        var (text, found) = ("", 0);
        foreach (var token in tokens.Split('|'))
        {
            found = search.Append(token, default, out var certain);
            text += certain;
            if (found > 0) break;
        }

        Assert.Equal((given, back), (text, found));
    }

    [Fact]
    public void What_is_none_comes_out_whole()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var search = new BannedStrings(["aab", "abba", "bbb"]);
            var (whole, given) = (new StringBuilder(), new StringBuilder());
            for (var i = 0; i < 30; i++)
            {
                var token = new string([.. Enumerable.Range(0, random.Next(4)).Select(_ => "abA"[random.Next(3)])]);
                var back = search.Append(token, default, out var certain);
                given.Append(certain);
                if (back == 0)
                {
                    whole.Append(token);
                    continue;
                }

                // The tokens are taken back, of which nothing may have been given.
                var before = given.Length;
                var pending = search.TokenCount;
                given.Append(search.Rewind(back));
                Assert.True(search.TokenCount <= pending - back);
                whole.Length = given.Length + search.HeldLength;
                Assert.True(given.Length >= before);
            }

            given.Append(search.Flush());
            Assert.Equal(whole.ToString(), given.ToString());
            foreach (var banned in (string[])["aab", "abba", "bbb"]) Assert.DoesNotContain(banned, given.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Texts_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new BannedStrings([""]));
        Assert.Throws<ArgumentException>(() => new BannedStrings([new string('x', 300)]));
        Assert.Throws<ArgumentException>(() => new BannedStrings([.. Enumerable.Repeat("x", 2000)]));
    }
}
