using CsCheck;
using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Gguf;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.UnitTests.Reference;

public sealed class DequantizerTests
{
    public static TheoryData<TensorType> Types => [.. Dequantizer.Types];

    public static TheoryData<TensorType> WritableTypes => [.. Quantizer.Types];

    [Theory]
    [InlineData("F16"), InlineData("BF16"), InlineData("Q8_0"), InlineData("Q4_0"), InlineData("Q4_1"), InlineData("Q5_0"), InlineData("Q5_1")]
    [InlineData("Q4_K_S"), InlineData("Q5_K_S"), InlineData("Q6_K"), InlineData("Q2_K"), InlineData("Q3_K_S"), InlineData("IQ4_NL"), InlineData("IQ4_XS")]
    [InlineData("IQ3_S"), InlineData("IQ3_XXS"), InlineData("IQ2_S"), InlineData("IQ2_XS"), InlineData("IQ2_XXS"), InlineData("IQ1_S"), InlineData("IQ1_M")]
    [InlineData("TQ1_0"), InlineData("TQ2_0"), InlineData("MXFP4")]
    public void Rows_equal_the_published_ones_to_the_last_bit(string file)
    {
        var expected = SharedMaterial.Floats("conformance", "quants", $"llama.{file}.ffn_gate_rows8.f32");
        var path = SharedMaterial.File("conformance", "quants", $"llama.{file}.gguf");
        Assert.True(GgufFile.Open(path).TryFindTensor("blk.0.ffn_gate.weight", out var tensor));
        var bytes = File.ReadAllBytes(path).AsSpan((int)tensor.FileOffset, (int)tensor.Spec.RowBytes * 8);
        var actual = Dequantizer.Read(tensor.Spec.Type, bytes);
        Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits), actual.Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void A_block_of_each_type_reads_as_written_down_by_hand()
    {
        // Scale 0.5, codes 0, 1, 2 … in the order of the elements.
        var q4 = Block(TensorType.Q4_0, 0.5f);
        for (var i = 0; i < 16; i++) q4[2 + i] = (byte)(i | ((15 - i) << 4));
        Assert.Equal([-4f, -3.5f, -3f], Dequantizer.Read(TensorType.Q4_0, q4)[..3]);
        Assert.Equal([3.5f, 3f, 2.5f], Dequantizer.Read(TensorType.Q4_0, q4)[16..19]);

        // Element 17 of Q5_0 has its fifth bit at bit 17 and its nibble in the high half of byte 1.
        var q5 = Block(TensorType.Q5_0, 2f);
        q5[2 + 17 / 8] = 1 << (17 % 8);
        q5[6 + 1] = 0x30;
        Assert.Equal((16 + 3 - 16) * 2f, Dequantizer.Read(TensorType.Q5_0, q5)[17]);
        Assert.Equal(-32f, Dequantizer.Read(TensorType.Q5_0, q5)[16]);

        // Group 5 of Q4_K: scale bits 4–5 in the top of byte 1, the low ones in the low nibble of byte 9.
        var q4k = Block(TensorType.Q4_K, 1f);
        q4k[4 + 1] = 0b1000_0000;
        q4k[4 + 9] = 0b0000_0011;
        q4k[16 + 64 + 7] = 0xA0;
        var group5 = Dequantizer.Read(TensorType.Q4_K, q4k)[160..192];
        Assert.Equal(35f * 10, group5[7]);
        Assert.Equal(0f, group5[8]);

        // Second half, third quarter, element 4 of Q6_K: the high nibble of byte 64 + 4, bits 4–5 of high byte 32 + 4.
        var q6k = new byte[210];
        q6k[64 + 4] = 0x70;
        q6k[128 + 32 + 4] = 0b0010_0000;
        q6k[192 + 12] = 3;
        BitConverter.TryWriteBytes(q6k.AsSpan(208), (Half)0.25f);
        Assert.Equal(0.25f * 3 * (0x27 - 32), Dequantizer.Read(TensorType.Q6_K, q6k)[128 + 64 + 4]);
    }

    [Theory, MemberData(nameof(Types))]
    public void Random_blocks_of_every_kind_are_finite_and_within_their_magnitudes(TensorType type)
        => Gen.Select(Gen.Enum<BlockKind>(), Gen.Int, Gen.Int[1, 4]).Sample((kind, seed, blocks) =>
        {
            var bytes = new byte[type.RowBytes(type.BlockLength() * blocks)];
            RandomBlocks.Fill(type, kind, new Random(seed), bytes);
            var values = Dequantizer.Read(type, bytes);
            var magnitudes = new float[values.Length];
            Dequantizer.ReadMagnitudes(type, bytes, magnitudes);
            for (var i = 0; i < values.Length; i++)
            {
                Assert.True(float.IsFinite(values[i]));
                Assert.True(MathF.Abs(values[i]) <= magnitudes[i] * 1.000001f, $"{values[i]} is beyond {magnitudes[i]}.");
                if (kind == BlockKind.Zero) Assert.Equal(0f, values[i]);
            }
        });

    [Theory, MemberData(nameof(WritableTypes))]
    public void Quantising_what_was_dequantised_keeps_it_and_anything_else_within_a_step(TensorType type)
        => Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var values = new float[type.BlockLength() * 3];
            for (var i = 0; i < values.Length; i++) values[i] = (random.NextSingle() * 2 - 1) * 3;
            var read = Dequantizer.Read(type, Quantizer.Write(type, values));
            var step = type switch
            {
                TensorType.F32 => 0,
                TensorType.F16 => 3 * 0.0005f,
                TensorType.BF16 => 3 * 0.004f,
                TensorType.Q8_0 => 3f / 127,
                TensorType.Q4_0 => 3f / 8 * 1.01f,
                TensorType.Q4_1 or TensorType.Q4_K => 6f / 15,
                TensorType.Q5_0 => 3f / 16 * 1.01f,
                TensorType.Q5_1 or TensorType.Q5_K => 6f / 31,
                // One step where +32 becomes +31, and 31 times the rounding of the group's step, which is half of a 127th of the largest.
                TensorType.Q6_K => 3f / 32 * 1.15f,
                // Two bits: a step, and another fraction of one where scale and minimum have been rounded to four bits.
                TensorType.Q2_K => 2f,
                TensorType.Q3_K => 3f / 4 * 1.1f,
                // The widest gap between levels is 24 of 127.
                TensorType.IQ4_NL => 3f * 24 / 127,
                TensorType.IQ4_XS => 3f * 24 / 127 * 1.1f,
                // Four and six times the scale are neighbours.
                TensorType.MXFP4 => 0.51f,
                TensorType.TQ1_0 or TensorType.TQ2_0 => 1.51f,
                _ => throw new InvalidOperationException(),
            };
            for (var i = 0; i < values.Length; i++) Assert.True(MathF.Abs(values[i] - read[i]) <= step, $"{values[i]} became {read[i]}.");
        }, iter: 100);

    [Theory, MemberData(nameof(Types))]
    public void Bytes_of_another_length_are_refused(TensorType type)
    {
        var values = new float[type.BlockLength()];
        Assert.Throws<ArgumentException>(() => Dequantizer.Read(type, new byte[type.BlockBytes() * 2], values));
        if (Quantizer.Types.Contains(type)) Assert.Throws<ArgumentException>(() => Quantizer.Write(type, values, new byte[type.BlockBytes() * 2]));
    }

    [Fact]
    public void A_type_without_reference_is_refused_by_name()
    {
        Assert.Contains("NVFP4", Assert.Throws<NotSupportedException>(() => Dequantizer.Read(TensorType.NVFP4, new byte[36])).Message);
        Assert.Contains("IQ1_M", Assert.Throws<NotSupportedException>(() => Quantizer.Write(TensorType.IQ1_M, new float[256])).Message);
    }

    private static byte[] Block(TensorType type, float scale)
    {
        var block = new byte[type.BlockBytes()];
        BitConverter.TryWriteBytes(block, (Half)scale);
        return block;
    }
}
