using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Gguf;
using Xunit;

namespace Hotplug.UnitTests.Gguf;

/// <summary>
/// One case for each published defect of GGUF readers that this reader could share: each file is refused with the field and the
/// place of the lie, or read without harm where it is legal.
/// </summary>
public sealed class GgufHazardTests
{
    private const ulong Wild = ulong.MaxValue, Signed = 1UL << 63, Huge = 1UL << 61;

    [Theory]
    [InlineData(Wild), InlineData(Signed), InlineData(Huge), InlineData(0x0AAA_AAAA_AAAA_AAABUL), InlineData(1000)]
    public void CVE_2024_23605_CVE_2024_25664_key_count_beyond_the_file(ulong count) =>
        Refused(Model().With(forge => forge.KeyCount = count), "key count", 16, count);

    [Theory]
    [InlineData(Wild), InlineData(Signed), InlineData(Huge), InlineData(0x0666_6666_6666_6667UL), InlineData(1000)]
    public void CVE_2024_21836_CVE_2024_25666_tensor_count_beyond_the_file(ulong count) =>
        Refused(Model().With(forge => forge.TensorCount = count), "tensor count", 8, count);

    [Theory]
    [InlineData(Wild), InlineData(Wild - 7), InlineData(Signed), InlineData(int.MaxValue + 1UL), InlineData(uint.MaxValue), InlineData(100)]
    public void CVE_2024_23496_CVE_2024_25665_string_length_beyond_the_file(ulong length)
    {
        Refused(new GgufForge().Key("k", 8, GgufForge.U64(length)), "k: string", 37, length);
        Refused(new GgufForge { DataBytes = 64 }.Raw(GgufForge.U64(length)), "key", 24, length);
        Refused(new GgufForge { TensorCount = 1, KeyCount = 0, DataBytes = 64 }.Raw(GgufForge.U64(length)), "tensor name", 24, length);
    }

    [Theory]
    [InlineData(Wild), InlineData(Signed), InlineData(Huge), InlineData((1UL << 32) + 1), InlineData((1UL << 62) + 1)]
    public void CVE_2024_21825_CVE_2024_25667_array_length_times_element_size_beyond_the_file(ulong count)
    {
        foreach (var type in Enum.GetValues<GgufValueType>().Where(type => type != GgufValueType.Array))
            Refused(new GgufForge().Key("k", 9, GgufForge.Array(type, count, new byte[64])), "k: array length", 41, count);
    }

    [Theory]
    [InlineData(13), InlineData(255), InlineData(uint.MaxValue), InlineData(0x8000_0008)]
    public void CVE_2024_21825_undefined_value_types(uint type)
    {
        Refused(new GgufForge().Key("k", type, new byte[64]), "k: value type", 33, type);
        Refused(new GgufForge().Key("k", 9, [.. GgufForge.U32(type), .. new byte[64]]), "k: element type", 37, type);
    }

    [Fact]
    public void CVE_2024_25668_string_array_with_a_lying_element()
    {
        byte[] elements = [.. GgufForge.Text("a"), .. GgufForge.U64(Wild - 8), .. GgufForge.Text("c")];
        Refused(new GgufForge().Key("k", 9, GgufForge.Array(GgufValueType.String, 3, elements)), "k[1]: string", 58);
    }

    [Theory]
    [InlineData(5), InlineData(uint.MaxValue), InlineData(1 << 30), InlineData(0x8000_0000)]
    public void CVE_2024_21802_more_dimensions_than_a_tensor_has(uint dimensions) =>
        Refused(new GgufForge().RawTensor("t", dimensions, 0, 0, 1, 1, 1, 1, 1), "t: dimension count", 33, dimensions);

    [Fact]
    public void CVE_2024_21802_product_of_extents_overflows()
    {
        Refused(new GgufForge().RawTensor("t", 4, 0, 0, 1UL << 32, 1UL << 32, 1, 1), "t: extent", 24);
        Refused(new GgufForge().RawTensor("t", 4, 0, 0, 1UL << 16, 1UL << 16, 1UL << 16, 1UL << 16), "t: extent", 24);
        Refused(new GgufForge().RawTensor("t", 2, 0, 0, 32, Signed), "t: extent", 45);
        Refused(new GgufForge().RawTensor("t", 2, 0, 0, 32, Wild), "t: extent", 45);
    }

    [Fact]
    public void CVE_2024_32878_CVE_2024_41130_an_error_anywhere_leaves_nothing_half_built()
    {
        // Broken behind the first key, the first string of an array and the first tensor: what was read before must not matter.
        var good = Model().With(forge => forge.DataBytes = 64 + 34).ToArray();
        for (var length = 0; length < good.Length; length++)
            Assert.Throws<GgufException>(() => GgufFile.Parse(good.AsSpan(0, length), "cut.gguf"));
    }

    [Fact]
    public void CVE_2024_41130_array_without_elements()
    {
        var file = Open(new GgufForge().Strings("s").Integers("i", GgufValueType.Int32));
        Assert.True(file.Metadata.TryGetStringArray("s", out var strings));
        Assert.Equal(0, strings.Count);
        Assert.ThrowsAny<IndexOutOfRangeException>(() => strings[0].Length);
        Assert.True(file.Metadata.TryGetInt32Array("i", out var integers));
        Assert.Empty(integers);
        Assert.Equal("[]", file.Metadata.Preview(file.Metadata.Entries[0]));
    }

    [Fact]
    public void CVE_2025_53630_sum_of_tensor_sizes_wraps()
    {
        const ulong Half = (1UL << 62) - 32;
        var forge = new GgufForge { DataBytes = 4096 };
        for (ulong i = 0; i < 5; i++) forge.RawTensor($"t{i}", 1, 24, i * Half % (1UL << 63), Half);
        Refused(forge, "t0: data", 24);
        Refused(new GgufForge { DataBytes = 64 }.TensorAt(0, "a", TensorType.F32, 8).TensorAt((1UL << 63) - 32, "b", TensorType.F32, 8), "b: data", 57);
        Refused(new GgufForge { DataBytes = 64 }.TensorAt(0, "a", TensorType.F32, 8).TensorAt(Wild - 31, "b", TensorType.F32, 8), "b: data offset", 82);
    }

    [Fact]
    public void CVE_2026_27940_sizes_that_wrap_once_overhead_or_padding_is_added()
    {
        foreach (var bytes in new ulong[] { long.MaxValue, long.MaxValue - 31, long.MaxValue - 4096, Huge })
            Refused(new GgufForge { DataBytes = 64 }.RawTensor("t", 1, 24, 0, bytes), "t: data", 24);
    }

    [Fact]
    public void CVE_2026_33298_elements_times_type_size_wraps()
    {
        Refused(new GgufForge().RawTensor("t", 1, 0, 0, 1UL << 62), "t: extent", 24);
        Refused(new GgufForge().RawTensor("t", 2, 28, 0, 1UL << 31, 1UL << 30), "t: extent", 24);
        Refused(new GgufForge().RawTensor("t", 3, 8, 0, 1UL << 31, 1UL << 31, 2), "t: extent", 24);
    }

    [Fact]
    public void Issue_27203_the_check_of_the_extents_overflows_itself()
    {
        Refused(new GgufForge().RawTensor("t", 4, 24, 0, long.MaxValue, 2, 1, 1), "t: extent", 24);
        Refused(new GgufForge().RawTensor("t", 4, 24, 0, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue), "t: extent", 24);
        Refused(new GgufForge().RawTensor("t", 4, 24, 0, 0, long.MaxValue, long.MaxValue, 1), "t: extent", 24);
        Refused(new GgufForge().RawTensor("t", 4, 24, 0, 1, 0, long.MaxValue, long.MaxValue), "t: extent", 24);
    }

    [Fact]
    public void Issue_24759_padding_near_the_end_of_the_number_range()
    {
        Refused(new GgufForge { DataBytes = 64 }.RawTensor("t", 1, 24, (ulong)long.MaxValue - 31, 1), "t: data", 24);
        Refused(new GgufForge { DataBytes = 64 }.RawTensor("t", 1, 24, (ulong)long.MaxValue - 31, 0), "t: data", 24);
    }

    [Fact]
    public void Issue_15711_tensor_count_times_overhead()
    {
        // The file is long enough for the count by its bytes, yet beyond what is accepted: refused before anything is allocated.
        const uint Count = (1 << 20) + 1;
        var forge = new GgufForge { TensorCount = Count, DataBytes = Count * 25L };
        Refused(forge, "tensor count", 8, Count);
    }

    [Fact]
    public void CVE_2026_7482_tensor_data_beyond_the_end_of_the_file()
    {
        Refused(new GgufForge { DataBytes = 4095 }.Tensor("t", TensorType.F32, 1024), "t: data", 24);
        Refused(new GgufForge { DataBytes = 0 }.Tensor("t", TensorType.I8, 1), "t: data", 24);
        Refused(new GgufForge { DataBytes = 64 }.TensorAt(64, "t", TensorType.I8, 1), "t: data", 24);
        Assert.Equal(4096, Open(new GgufForge { DataBytes = 4096 }.Tensor("t", TensorType.F32, 1024)).TotalWeightBytes);
    }

    [Theory]
    [InlineData(4), InlineData(5), InlineData(31), InlineData(33), InlineData(36), InlineData(38), InlineData(43), InlineData(uint.MaxValue)]
    public void CVE_2025_0315_types_without_a_block_size_divide_by_nothing(uint type) =>
        Refused(new GgufForge().RawTensor("t", 1, type, 0, 256), "t: tensor type", 45, type);

    [Fact]
    public void CVE_2024_39720_CVE_2024_12055_CVE_2025_0312_CVE_2025_0317_headers_that_stop_or_promise_the_world()
    {
        Refused([], "magic", 0);
        Refused("GG"u8.ToArray(), "magic", 0);
        Refused("GGUF"u8.ToArray(), "version", 4);
        Refused([.. "GGUF"u8, 3, 0, 0, 0], "tensor count", 8);
        Refused([.. "GGUF"u8, 3, 0, 0, 0, .. GgufForge.U64(0), .. GgufForge.U64(0x7FFF_FFFF)], "key count", 16);
    }

    [Fact]
    public void Zero_extents_are_legal_and_harmless()
    {
        var file = Open(new GgufForge().Tensor("none", TensorType.F32, 0, 7).Tensor("some", TensorType.F32, 8).Tensor("also", TensorType.Q4_0, 0));
        Assert.Equal([0, 32, 0], file.Tensors.Select(tensor => tensor.Spec.ByteLength));
        Assert.Equal(32, file.TotalWeightBytes);

        // A file may end behind its last record, before the data section would start.
        var bytes = new GgufForge { DataBytes = 0 }.TensorAt(0, "none", TensorType.F32, 0).ToArray().AsSpan(0, 60);
        Assert.Equal(60, GgufFile.Parse(bytes, "short.gguf").Tensors[0].FileOffset);
        Refused(new GgufForge { DataBytes = 0 }.TensorAt(1 << 20, "none", TensorType.F32, 0), "none: data", 24);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(4), InlineData(24), InlineData(1 << 21), InlineData(1U << 31), InlineData(uint.MaxValue)]
    public void Alignment_of_zero_or_no_power_of_two_or_without_bound(uint alignment) =>
        Refused(new GgufForge().UInt32("general.alignment", alignment).Tensor("t", TensorType.F32, 8), "general.alignment", 53, alignment);

    [Fact]
    public void CVE_2025_49847_a_token_longer_than_16_bits_keeps_its_length()
    {
        var text = new string('x', 70_000);
        Assert.True(Open(new GgufForge().Strings("tokenizer.ggml.tokens", "a", text, "b")).Metadata.TryGetStringArray("tokenizer.ggml.tokens", out var tokens));
        Assert.Equal([1, 70_000, 1], Enumerable.Range(0, 3).Select(i => tokens[i].Length));
        byte[] lie = [.. GgufForge.Text("a"), .. GgufForge.U64(0x8000_0000), .. new byte[64]];
        Refused(new GgufForge().Key("t", 9, GgufForge.Array(GgufValueType.String, 2, lie)), "t[1]: string", 58);
    }

    [Fact]
    public void CVE_2025_52566_signs_are_kept_and_ranges_checked()
    {
        var metadata = Open(new GgufForge().Integer("id", GgufValueType.Int32, -1).Integer("wide", GgufValueType.UInt64, Wild)).Metadata;
        Assert.Equal(-1, metadata.GetInt32("id"));
        Assert.Equal("id", Assert.Throws<GgufException>(() => metadata.GetUInt32("id")).Field);
        Assert.Equal("id", Assert.Throws<GgufException>(() => metadata.GetInt32("id", min: 0, max: 10)).Field);
        Assert.Equal("wide", Assert.Throws<GgufException>(() => metadata.GetInt64("wide")).Field);
    }

    [Fact]
    public void PR_20735_scores_shorter_than_tokens()
    {
        var metadata = Open(new GgufForge().Strings("tokens", "a", "b", "c").Integers("scores", GgufValueType.Float32, 1, 2)).Metadata;
        var error = Assert.Throws<GgufException>(() => metadata.RequireLength("scores", 3));
        Assert.Equal("scores", error.Field);
        metadata.RequireLength("tokens", 3);
        metadata.RequireLength("token_type", 3);
    }

    [Fact]
    public void Issue_19856_duplicates_among_many_are_found_without_comparing_all_pairs()
    {
        // Half a million comparisons of pairs would be 10⁹ steps; the bound is the reader's, the test only shows that it answers.
        var forge = new GgufForge();
        for (var i = 0; i < 30_000; i++) forge.UInt32($"k{i}", 0);
        for (var i = 0; i < 30_000; i++) forge.TensorAt(0, $"t{i}", TensorType.F32, 0);
        Assert.Equal(30_000, Open(forge).Tensors.Count);
        Assert.Contains("twice", Refused(forge.UInt32("k17", 1), "k17: key").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Duplicate_tensor_names_and_overlapping_data()
    {
        Refused(new GgufForge().Tensor("t", TensorType.F32, 8).Tensor("t", TensorType.F32, 8), "t: name", 57);
        Refused(new GgufForge { DataBytes = 128 }.TensorAt(32, "a", TensorType.F32, 8).TensorAt(0, "b", TensorType.F32, 16), "a: data", 24);
        Refused(new GgufForge { DataBytes = 128 }.TensorAt(32, "a", TensorType.F32, 8).TensorAt(32, "b", TensorType.F32, 8), "data");
    }

    [Fact]
    public void Arrays_of_arrays_have_no_depth_to_exhaust()
    {
        var nested = Enumerable.Repeat(GgufForge.Array(GgufValueType.Array, 1), 10_000).SelectMany(level => level).ToArray();
        Refused(new GgufForge().Key("k", 9, nested), "k: element type", 37);
    }

    private static GgufForge Model() => GgufSeeds.Tiny();

    private static GgufFile Open(GgufForge forge) => GgufFile.Parse(forge.ToArray(), "good.gguf");

    private static GgufException Refused(GgufForge forge, string field, long offset = -1, ulong? value = null) =>
        Refused(forge.ToArray(), field, offset, value);

    private static GgufException Refused(byte[] bytes, string field, long offset = -1, ulong? value = null)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<GgufException>(() => GgufFile.Parse(bytes, "bad.gguf"));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.EndsWith(field, error.Field, StringComparison.Ordinal);
        if (offset >= 0) Assert.Equal(offset, error.Offset);
        if (value is { } shown) Assert.Contains(shown.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Equal("bad.gguf", error.Path);
        Assert.InRange(allocated, 0, GgufSeeds.AllocationBound(bytes.Length));
        return error;
    }
}
