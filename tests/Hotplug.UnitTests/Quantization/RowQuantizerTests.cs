using System.Security.Cryptography;
using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Quantization.Rows;
using Hotplug.ModelForge;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.UnitTests.Quantization;

/// <summary>Rows as they are written, against what was compared with llama.cpp once, and against their own meaning.</summary>
public sealed class RowQuantizerTests
{
    public static TheoryData<TensorType> Types => [.. RowQuantizer.Types];

    // The search of Q2_K weighs absolute errors by the size of elements, so that the sum of squares says nothing about it.
    public static TheoryData<TensorType> TypesOfSquares => [.. RowQuantizer.Types.Where(type => type != TensorType.Q2_K)];

    /// <summary>The bytes of <see cref="QuantizationSamples"/> in each type. llama-quantize writes the same: <c>QuantizePeerTests</c> compares the two.</summary>
    [Theory]
    [InlineData(TensorType.F32, "f57b6935a11aa44d")]
    [InlineData(TensorType.F16, "f9f6d0b097bd8204")]
    [InlineData(TensorType.BF16, "21f7ac9d6541feb7")]
    [InlineData(TensorType.Q4_0, "e2deff63258049f9")]
    [InlineData(TensorType.Q4_1, "611570dbf4c917df")]
    [InlineData(TensorType.Q5_0, "c172119ec7a26425")]
    [InlineData(TensorType.Q5_1, "de6548d61734d88f")]
    [InlineData(TensorType.Q8_0, "7a05685cb3c9808d")]
    [InlineData(TensorType.Q2_K, "825b33eacfbd97c9")]
    [InlineData(TensorType.Q3_K, "207bac9452e06ae5")]
    [InlineData(TensorType.Q4_K, "27bb7194c42f9658")]
    [InlineData(TensorType.Q5_K, "55bf658402d33dd2")]
    [InlineData(TensorType.Q6_K, "648e24fcc05b2850")]
    [InlineData(TensorType.TQ1_0, "0ec4d4045684c3ae")]
    [InlineData(TensorType.TQ2_0, "f1240b64e69fc462")]
    public void Bytes_are_those_of_llama_cpp(TensorType type, string hash) => Assert.Equal(hash, Hash(type));

    [Theory, MemberData(nameof(TypesOfSquares))]
    public void Elements_come_back_about_as_well_as_by_the_simple_method(TensorType type)
    {
        foreach (var row in QuantizationSamples.Rows)
        {
            var back = Dequantizer.Read(type, Write(type, row));
            var simple = Dequantizer.Read(type, Quantizer.Types.Contains(type) ? Quantizer.Write(type, row) : Write(type, row));
            // The search weighs errors, so that the plain sum of their squares may be a little above that of the simple method.
            Assert.True(Error(row, back) <= Error(row, simple) * 1.6 + 1e-9, $"{type}: {Error(row, back)} against {Error(row, simple)}");
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void Zeros_stay_zeros(TensorType type) => Assert.All(Dequantizer.Read(type, Write(type, new float[256])), value => Assert.Equal(0f, value));

    [Theory]
    [InlineData(TensorType.BF16, 3.4e38f), InlineData(TensorType.Q8_0, 3e20f), InlineData(TensorType.Q3_K, 3e20f)]
    public void What_is_beyond_any_model_is_refused(TensorType type, float value)
    {
        var row = new float[256];
        row[100] = value;
        Assert.Throws<OverflowException>(() => Write(type, row));
    }

    [Theory]
    [InlineData(TensorType.F16), InlineData(TensorType.Q4_0), InlineData(TensorType.Q4_1), InlineData(TensorType.Q8_0), InlineData(TensorType.Q6_K), InlineData(TensorType.Q4_K)]
    public void What_a_type_cannot_hold_is_refused(TensorType type)
    {
        var row = new float[256];
        row[7] = 1e9f;
        Assert.Throws<OverflowException>(() => Write(type, row));
    }

    private static string Hash(TensorType type)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in QuantizationSamples.Rows) hash.AppendData(Write(type, row));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static byte[] Write(TensorType type, float[] row)
    {
        var bytes = new byte[type.RowBytes(row.Length)];
        RowQuantizer.Of(type).Write(row, bytes);
        return bytes;
    }

    private static double Error(float[] expected, float[] actual) => expected.Zip(actual).Sum(pair => Math.Pow(pair.First - pair.Second, 2));
}
