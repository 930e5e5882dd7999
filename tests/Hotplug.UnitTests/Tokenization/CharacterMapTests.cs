using System.Buffers.Binary;
using CsCheck;
using Hotplug.Inference.Tokenization;
using Xunit;

namespace Hotplug.UnitTests.Tokenization;

/// <summary>Normalisations come from files, which may hold anything.</summary>
public sealed class CharacterMapTests
{
    [Fact]
    public void Any_bytes_are_refused_or_replace_something() => Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 100], Gen.Byte.Array[0, 20]).Sample((bytes, units, text) =>
    {
        if (bytes.Length >= sizeof(uint)) BinaryPrimitives.WriteInt32LittleEndian(bytes, units * sizeof(uint));
        if (CharacterMap.TryRead(bytes) is not { } map) return;
        var replacement = map.Replace(text, out var length);
        Assert.InRange(length, 0, text.Length);
        if (length == 0) Assert.True(replacement.IsEmpty);
    }, iter: 5000);

    [Theory]
    [InlineData(0), InlineData(3), InlineData(4), InlineData(8)]
    public void An_array_larger_than_the_whole_is_refused(int length)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(0xFF);
        Assert.Null(CharacterMap.TryRead(bytes));
    }
}
