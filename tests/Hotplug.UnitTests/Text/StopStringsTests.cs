using CsCheck;
using Hotplug.Inference.Text;
using Xunit;

namespace Hotplug.UnitTests.Text;

public sealed class StopStringsTests
{
    private static readonly Gen<string> Few = Gen.Int[0, 2].Select(i => ((string[])["a", "b", "🦙"])[i]).Array[1, 5].Select(string.Concat);

    [Fact]
    public void The_first_string_to_be_complete_ends_the_text_however_it_is_cut() =>
        Gen.Select(Few.Array[0, 4], Gen.Int[0, 2].Select(i => ((string[])["a", "b", "🦙"])[i]).Array[0, 30], Gen.Int[1, 6].Array[1, 6]).Sample((stops, parts, steps) =>
        {
            var text = string.Concat(parts);
            var (expected, match) = Naive(text, stops);
            var matcher = new StopStrings(stops);
            var given = "";
            var at = 0;
            for (var step = 0; at < parts.Length; step++)
            {
                var length = Math.Min(steps[step % steps.Length], parts.Length - at);
                var before = given;
                given += matcher.Append(string.Concat(parts[at..(at + length)])).ToString();
                at += length;
                if (matcher.Match is not null) break;

                // Held back is the longest end of what was read that begins a stop string, and no more.
                var read = string.Concat(parts[..at]);
                var held = Enumerable.Range(0, read.Length + 1).First(i => i == read.Length || stops.Any(stop => stop.StartsWith(read[i..], StringComparison.Ordinal)));
                Assert.Equal(read[..held], given);
                // Another goes on from what is held.
                Assert.Equal(read.AsSpan(held), matcher.Held);
                var next = new StopStrings(stops);
                Assert.Equal("", next.Append(matcher.Held));
                matcher = next;
            }

            Assert.Equal(match, matcher.Match);
            Assert.Equal("", matcher.Match is null ? "" : matcher.Append("a").ToString());
            Assert.Equal(expected, given + matcher.Flush().ToString());
        });

    [Fact]
    public void A_text_after_a_match_is_new()
    {
        var matcher = new StopStrings("stop");
        Assert.Equal("a ", matcher.Append("a stop b"));
        Assert.Equal("stop", matcher.Match);
        Assert.Equal("", matcher.Flush());
        matcher.Reset();
        Assert.Null(matcher.Match);
        Assert.Equal("b ", matcher.Append("b sto"));
        Assert.Equal("sto", matcher.Flush());
        Assert.Equal("p", matcher.Append("p"));
    }

    [Fact]
    public void A_string_that_can_not_stop_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new StopStrings(""));
        Assert.Throws<ArgumentException>(() => new StopStrings("a\uD83E"));
        Assert.Throws<ArgumentException>(() => new StopStrings("good", "\uDD99 a"));
    }

    [Fact]
    public void Looking_allocates_nothing()
    {
        var matcher = new StopStrings("<|end|>", "User:");
        Look();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Look();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Look()
        {
            matcher.Append("Us");
            matcher.Append("e <|en");
            matcher.Flush();
            matcher.Append("d|> User:");
            matcher.Reset();
        }
    }

    private static (string Text, string? Match) Naive(string text, string[] stops)
    {
        for (var end = 1; end <= text.Length; end++)
        {
            var stop = stops.Where(stop => text.AsSpan(0, end).EndsWith(stop)).MaxBy(stop => stop.Length);
            if (stop is not null) return (text[..(end - stop.Length)], stop);
        }

        return (text, null);
    }
}
