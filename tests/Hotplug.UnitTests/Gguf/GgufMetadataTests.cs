using Hotplug.Inference.Gguf;
using Xunit;

namespace Hotplug.UnitTests.Gguf;

public sealed class GgufMetadataTests
{
    private static readonly GgufValueType[] Integers = [.. Enum.GetValues<GgufValueType>().Where(GgufNumber.IsInteger)];

    [Fact]
    public void Integers_of_every_width_are_read_by_every_getter_they_fit()
    {
        foreach (var type in Integers)
        {
            var metadata = Parse(new GgufForge().Integer("v", type, 1).Integers("a", type, 1, 0, 1));
            Assert.Equal((1, 1, 1U, true), (metadata.GetInt64("v"), metadata.GetInt32("v"), metadata.GetUInt32("v"), metadata.GetBool("v")));
            Assert.True(metadata.TryGetInt32Array("a", out var values));
            Assert.Equal([1, 0, 1], values);
        }
    }

    [Theory]
    [InlineData(GgufValueType.Int8, sbyte.MinValue), InlineData(GgufValueType.Int16, short.MinValue), InlineData(GgufValueType.Int32, int.MinValue)]
    [InlineData(GgufValueType.UInt8, byte.MaxValue), InlineData(GgufValueType.UInt16, ushort.MaxValue), InlineData(GgufValueType.UInt32, uint.MaxValue)]
    [InlineData(GgufValueType.Int64, long.MinValue), InlineData(GgufValueType.UInt64, long.MaxValue)]
    public void Extremes_keep_their_value_and_sign(GgufValueType type, long value)
    {
        var metadata = Parse(new GgufForge().Integer("v", type, value));
        Assert.Equal(value, metadata.GetInt64("v"));
        Assert.Equal((float)value, metadata.GetFloat("v"));
        if (value is < int.MinValue or > int.MaxValue) Refused("v", () => metadata.GetInt32("v"));
        if (value is < 0 or > uint.MaxValue) Refused("v", () => metadata.GetUInt32("v"));
        Refused("v", () => metadata.GetBool("v"));
    }

    [Fact]
    public void Bounds_are_part_of_the_question()
    {
        var metadata = Parse(new GgufForge().UInt32("heads", 0).Float("eps", -1).Integers("layers", GgufValueType.Int32, 4, -4));
        Assert.Contains("0, allowed is 1 to 512", Refused("heads", () => metadata.GetInt32("heads", min: 1, max: 512)).Message, StringComparison.Ordinal);
        Refused("eps", () => metadata.GetFloat("eps", min: 0));
        Assert.Contains("element 1 is -4", Refused("layers", () => metadata.GetPerLayer("layers", 2, min: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fallback_is_for_missing_keys_only()
    {
        var metadata = Parse(new GgufForge().String("s", "text").UInt32("n", 7).Float("f", 1.5f));
        Assert.Equal((5, 6, 7U, 1f, true, "x"), (metadata.GetInt64("-", 5), metadata.GetInt32("-", 6), metadata.GetUInt32("-", 7),
            metadata.GetFloat("-", 1), metadata.GetBool("-", true), metadata.GetString("-", "x")));
        Assert.False(metadata.TryGetString("-", out _) || metadata.TryGetInt32Array("-", out _) || metadata.TryGetFloatArray("-", out _)
            || metadata.TryGetStringArray("-", out _));
        Refused("s", () => metadata.GetInt64("s", 5));
        Refused("f", () => metadata.GetInt64("f", 5));
        Refused("n", () => metadata.GetString("n", "x"));
        Refused("s", () => metadata.GetFloat("s", 1));
        Refused("n", () => metadata.TryGetInt32Array("n", out _));
        Refused("s", () => metadata.TryGetStringArray("s", out _));
        foreach (var missing in new Action[] { () => metadata.GetInt64("-"), () => metadata.GetString("-"), () => metadata.GetFloat("-"), () => metadata.GetPerLayer("-", 3) })
            Assert.Contains("lacks", Refused("-", missing).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void Numbers_are_finite(float value) => Refused("f", () => Parse(new GgufForge().Float("f", value)).GetFloat("f", 1));

    [Fact]
    public void Doubles_and_integers_pass_as_floats()
    {
        var metadata = Parse(new GgufForge().Integer("d", GgufValueType.Float64, 3).UInt32("i", 10000).Integers("a", GgufValueType.Float64, 1, -2).Integers("b", GgufValueType.Int16, -3));
        Assert.Equal((3f, 10000f), (metadata.GetFloat("d"), metadata.GetFloat("i")));
        Assert.True(metadata.TryGetFloatArray("a", out var a) && metadata.TryGetFloatArray("b", out _));
        Assert.Equal([1f, -2f], a);
    }

    [Fact]
    public void A_value_per_layer_comes_from_a_scalar_an_array_or_the_fallback()
    {
        var metadata = Parse(new GgufForge().UInt32("scalar", 4).Integers("array", GgufValueType.UInt32, 1, 2, 3).Integers("flags", GgufValueType.Bool, 1, 0, 1).Strings("text", "a"));
        Assert.Equal([4, 4, 4], metadata.GetPerLayer("scalar", 3));
        Assert.Equal([1, 2, 3], metadata.GetPerLayer("array", 3));
        Assert.Equal([1, 0, 1], metadata.GetPerLayer("flags", 3));
        Assert.Equal([9, 9], metadata.GetPerLayer("-", 2, 9));
        Refused("array", () => metadata.GetPerLayer("array", 4));
        Refused("array", () => metadata.GetPerLayer("array", 2, 9));
        Refused("text", () => metadata.GetPerLayer("text", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => metadata.GetPerLayer("scalar", -1));
    }

    [Fact]
    public void Strings_are_bytes_in_place()
    {
        byte[] fragment = [0xE2, 0x96];
        byte[] elements = [.. GgufForge.Text("first"), .. GgufForge.Text([]), .. GgufForge.Text(fragment)];
        var metadata = Parse(new GgufForge().Key("s", 9, GgufForge.Array(GgufValueType.String, 3, elements)));
        Assert.True(metadata.TryGetStringArray("s", out var strings));
        Assert.Equal(3, strings.Count);
        Assert.Equal("first"u8, strings[0]);
        Assert.Empty(strings[1].ToArray());
        Assert.Equal(fragment, strings.Memory(2).ToArray());
        Assert.Equal("\uFFFD", strings.GetString(2));
        Assert.Throws<IndexOutOfRangeException>(() => strings[3].Length);
        Assert.Throws<IndexOutOfRangeException>(() => strings[-1].Length);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var length = 0;
        for (var i = 0; i < 1000; i++) length += strings[i % 3].Length;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0, length);
    }

    [Fact]
    public void A_preview_is_short_printable_and_on_one_line()
    {
        var metadata = Parse(new GgufForge().String("s", "a \"b\"\n\u001b[2J\u202e\\").String("long", new string('x', 100_000))
            .Strings("words", [.. Enumerable.Range(0, 1000).Select(i => $"w{i}")]).Integers("i", GgufValueType.Int8, -1, 2).Float("f", 1e-5f)
            .Integer("b", GgufValueType.Bool, 1).Integer("u", GgufValueType.UInt64, ulong.MaxValue));
        var shown = metadata.Entries.ToDictionary(entry => entry.Key, entry => metadata.Preview(entry));
        Assert.Equal("\"a \\\"b\\\"\\n\\u{1b}[2J\\u{202e}\\\\\"", shown["s"]);
        Assert.Equal(["[-1, 2]", "1E-05", "true", "18446744073709551615"], [shown["i"], shown["f"], shown["b"], shown["u"]]);
        Assert.EndsWith("…\"", shown["long"], StringComparison.Ordinal);
        Assert.StartsWith("[\"w0\", \"w1\", ", shown["words"], StringComparison.Ordinal);
        Assert.EndsWith(", …]", shown["words"], StringComparison.Ordinal);
        Assert.All(shown.Values, text => Assert.InRange(text.Length, 1, 100));
        Assert.Equal(["String", "String", "String[1000]", "Int8[2]", "Float32", "Bool", "UInt64"], metadata.Entries.Select(GgufMetadata.Describe));
    }

    [Fact]
    public void An_error_about_a_value_tells_its_place()
    {
        var metadata = Parse(new GgufForge().UInt32("k", 1));
        var error = metadata.Invalid("k", "one is not two", "Make it two");
        Assert.Equal(("file.gguf", 37, "k"), (error.Path, error.Offset, error.Field));
        Assert.Equal("file.gguf: k at byte 37: one is not two. Make it two.", error.Message);
        Assert.Equal(41, metadata.Invalid("absent", "", "").Offset);
    }

    private static GgufMetadata Parse(GgufForge forge) => GgufFile.Parse(forge.ToArray(), "file.gguf").Metadata;

    private static GgufException Refused(string key, Action read)
    {
        var error = Assert.Throws<GgufException>(read);
        Assert.Equal(key, error.Field);
        return error;
    }
}
