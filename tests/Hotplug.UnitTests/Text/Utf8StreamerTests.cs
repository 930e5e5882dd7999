using System.Text;
using CsCheck;
using Hotplug.Inference.Text;
using Xunit;

namespace Hotplug.UnitTests.Text;

public sealed class Utf8StreamerTests
{
    private static readonly Gen<byte[]> Bytes = Gen.OneOf(
        Gen.Byte.Array[0, 40],
        Gen.String.Select(Encoding.UTF8.GetBytes),
        Gen.Int[0, 3].Select(i => ((string[])["a", "é", "語", "🦙"])[i]).Array[0, 20].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))));

    [Fact]
    public void Cutting_the_bytes_anywhere_gives_the_text_of_the_whole() =>
        Gen.Select(Bytes, Gen.Int[1, 4].Array[1, 8]).Sample((bytes, steps) =>
        {
            var streamer = new Utf8Streamer();
            var text = new StringBuilder();
            for (int at = 0, step = 0; at < bytes.Length; step++)
            {
                var length = Math.Min(steps[step % steps.Length], bytes.Length - at);
                var part = streamer.Append(bytes.AsSpan(at, length));
                Assert.False(!part.IsEmpty && (char.IsHighSurrogate(part[^1]) || char.IsLowSurrogate(part[0])));
                text.Append(part);
                at += length;
            }

            return text.Append(streamer.Flush()).ToString() == Encoding.UTF8.GetString(bytes);
        });

    [Fact]
    public void Another_streamer_goes_on_anywhere_from_what_is_unfinished() =>
        Gen.Select(Bytes, Gen.Int[1, 4].Array[1, 8]).Sample((bytes, steps) =>
        {
            var streamer = new Utf8Streamer();
            var text = new StringBuilder();
            for (int at = 0, step = 0; at < bytes.Length; step++)
            {
                var length = Math.Min(steps[step % steps.Length], bytes.Length - at);
                text.Append(streamer.Append(bytes.AsSpan(at, length)));
                at += length;
                var next = new Utf8Streamer();
                Assert.Equal("", next.Append(streamer.Unfinished));
                Assert.True(Utf8Streamer.IsUnfinished(streamer.Unfinished));
                Assert.Equal(streamer.Unfinished, next.Unfinished);
                streamer = next;
            }

            text.Append(streamer.Flush());
            return text.ToString() == Encoding.UTF8.GetString(bytes) && streamer.Unfinished.IsEmpty;
        });

    [Fact]
    public void A_character_appears_with_its_last_byte()
    {
        var streamer = new Utf8Streamer();
        var bytes = "🦙"u8;
        for (var i = 0; i < bytes.Length - 1; i++) Assert.Equal("", streamer.Append(bytes.Slice(i, 1)));
        Assert.Equal("🦙", streamer.Append(bytes[^1..]));
        Assert.Equal("", streamer.Flush());
    }

    [Fact]
    public void What_is_unfinished_at_the_end_is_replaced_and_does_not_reach_the_next_text()
    {
        var streamer = new Utf8Streamer();
        Assert.Equal("", streamer.Append("é"u8[..1]));
        Assert.Equal("\uFFFD", streamer.Flush());
        Assert.Equal("", streamer.Append("é"u8[..1]));
        streamer.Reset();
        Assert.Equal("a", streamer.Append("a"u8));
    }

    [Fact]
    public void Streaming_allocates_nothing()
    {
        var streamer = new Utf8Streamer();
        Stream();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Stream();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Stream()
        {
            streamer.Append("語"u8[..2]);
            streamer.Append("語"u8[2..]);
            streamer.Append([0xFF]);
            streamer.Flush();
        }
    }
}
