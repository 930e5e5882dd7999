using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Gguf;
using Xunit;

namespace Hotplug.UnitTests.Gguf;

/// <summary>What the format allows is read; what it does not is refused with words that help.</summary>
public sealed class GgufFormatTests
{
    [Theory]
    [InlineData(0), InlineData(1), InlineData(4), InlineData(uint.MaxValue)]
    public void Other_versions_are_refused(uint version) => Refused(new GgufForge { Version = version }, "version", $"version {version} ");

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void Big_endian_files_are_refused_by_name(uint version) =>
        Refused(new GgufForge { Version = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(version) }, "version", $"big-endian (version {version} ");

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1", "git lfs pull"), InlineData("PK\u0003\u0004....", "zip"), InlineData("tjgg....", "GGML")]
    [InlineData("<!DOCTYPE html>", "web page"), InlineData("", "empty"), InlineData("GGU", "first four bytes"), InlineData("Once", "0x4F6E6365")]
    public void What_people_have_instead_is_told_apart(string text, string expected)
    {
        var error = Assert.Throws<GgufException>(() => GgufFile.Parse(System.Text.Encoding.UTF8.GetBytes(text), "other"));
        Assert.Equal("magic", error.Field);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_defined_tensor_type_is_read()
    {
        var forge = new GgufForge();
        foreach (var type in TensorTypes.All) forge.Tensor(type.ToString(), type, 256, 3);
        var file = Parse(forge);
        Assert.Equal(TensorTypes.All, file.Tensors.Select(tensor => tensor.Spec.Type));
        Assert.Equal(TensorTypes.All.Sum(type => type.RowBytes(256) * 3), file.TotalWeightBytes);
    }

    [Fact]
    public void A_row_that_is_no_whole_number_of_blocks_is_refused()
    {
        foreach (var type in TensorTypes.All.Where(type => type.IsQuantized()))
            Refused(new GgufForge { DataBytes = 4096 }.TensorAt(0, "t", type, (ulong)type.BlockLength() + 16), "t: tensor type", "whole number");
    }

    [Theory]
    [InlineData(8), InlineData(16), InlineData(32), InlineData(64), InlineData(4096), InlineData(1 << 20)]
    public void Tensors_lie_at_multiples_of_the_alignment(int alignment)
    {
        var forge = new GgufForge { Alignment = alignment }.UInt32("general.alignment", (uint)alignment).Tensor("a", TensorType.I8, 1).Tensor("b", TensorType.I8, 1);
        var file = Parse(forge);
        Assert.Equal(alignment, file.Tensors[1].FileOffset - file.Tensors[0].FileOffset);
        Assert.All(file.Tensors, tensor => Assert.Equal(0, tensor.FileOffset % alignment));
        Refused(forge.TensorAt((ulong)alignment * 2 - 1, "c", TensorType.I8, 1), "c: data", "alignment");
    }

    [Fact]
    public void Any_layout_without_overlap_is_read()
    {
        var file = Parse(GgufSeeds.Scattered());
        Assert.Equal(["late", "early", "none", "middle"], file.Tensors.Select(tensor => tensor.Spec.Name));
        Assert.True(file.TryFindTensor("middle", out var middle));
        Assert.Equal(new TensorShape(2, 2, 2, 2), middle.Spec.Shape);
        Assert.False(file.TryFindTensor("absent", out _));
    }

    [Fact]
    public void Names_and_keys_are_text_of_limited_length()
    {
        Assert.Single(Parse(new GgufForge().Tensor(new string('n', 64), TensorType.F32, 1)).Tensors);
        Refused(new GgufForge().Tensor(new string('n', 65), TensorType.F32, 1), "tensor name", "65");
        Refused(new GgufForge().Tensor("", TensorType.F32, 1), "tensor name", "empty");
        Refused(new GgufForge().Tensor("a\u001b[2J", TensorType.F32, 1), "tensor name", "control");
        Refused(new GgufForge().UInt32("", 1), "key", "empty");
        Refused(new GgufForge().Raw([.. GgufForge.Text([0x61, 0xFF]), .. GgufForge.U32(4), .. GgufForge.U32(1)]), "key", "UTF-8");
        Assert.Single(Parse(new GgufForge().UInt32(new string('k', 65535), 1)).Metadata.Entries);
        Refused(new GgufForge().UInt32(new string('k', 65536), 1), "key", "65536");
    }

    [Fact]
    public void A_scalar_has_no_dimensions()
    {
        var tensor = Assert.Single(Parse(new GgufForge().Tensor("s", TensorType.F32)).Tensors);
        Assert.Equal(new TensorShape(1), tensor.Spec.Shape);
    }

    [Fact]
    public void Metadata_must_lie_in_the_first_part_of_a_large_file()
    {
        // As if the file went on: the reader is given its first bytes only.
        var bytes = GgufSeeds.Tiny().ToArray();
        var error = Assert.Throws<GgufException>(() => GgufHeader.Read(bytes.AsSpan(0, 190), 1L << 40, "large.gguf", 0));
        Assert.Contains("first 190, in which all metadata must lie", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, GgufHeader.Read(new GgufForge().Tensor("t", TensorType.F32, 1).ToArray(), 1L << 40, "large.gguf", 0).Tensors[0].Spec.ByteLength);
    }

    [Fact]
    public void Tensor_data_may_lie_beyond_two_gigabytes()
    {
        var forge = new GgufForge { DataBytes = 0 }.TensorAt(3UL << 40, "far", TensorType.F32, 1 << 20);
        var bytes = forge.ToArray();
        var end = bytes.Length + (3L << 40) + (4 << 20);
        Assert.Equal(bytes.Length + (3L << 40), GgufHeader.Read(bytes, end, "far.gguf", 0).Tensors[0].FileOffset);
        Assert.Throws<GgufException>(() => GgufHeader.Read(bytes, end - 1, "far.gguf", 0));
    }

    private static GgufFile Parse(GgufForge forge) => GgufFile.Parse(forge.ToArray(), "file.gguf");

    private static void Refused(GgufForge forge, string field, string message)
    {
        var error = Assert.Throws<GgufException>(() => Parse(forge));
        Assert.EndsWith(field, error.Field, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
