using CsCheck;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats;
using Xunit;

namespace Hotplug.GpuTests.Formats;

/// <summary>Packing loses nothing, adds nothing and stays within its row.</summary>
public sealed class PackedFormatTests
{
    private static readonly TensorType[] Quantized =
        [TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_1, TensorType.Q5_0, TensorType.Q5_1, TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K];

    /// <summary>Every type a file may hold.</summary>
    public static TheoryData<TensorType> All => new(TensorTypes.All);

    /// <summary>The types that are rearranged.</summary>
    public static TheoryData<TensorType> Packed => new(Quantized);

    [Theory]
    [MemberData(nameof(All))]
    public void RandomBytesComeBack(TensorType type)
        => (from blocks in Gen.Int[0, 21]
            from bytes in Gen.Byte.Array[blocks * type.BlockBytes()]
            select bytes).Sample(bytes =>
        {
            var format = PackedFormat.For(type);
            // Poison behind and before the row, and padding that unpacking must not read.
            var packed = Enumerable.Repeat((byte)0xA5, (int)format.RowBytes(Width(type, bytes)) + 32).ToArray();
            var row = packed.AsSpan(16..^16);
            format.Pack(bytes, row);
            Assert.Equal(16, packed.AsSpan(0, 16).Count((byte)0xA5));
            Assert.Equal(16, packed.AsSpan(packed.Length - 16).Count((byte)0xA5));
            Assert.Equal(bytes.Sum(b => (long)byte.PopCount(b)), row.ToArray().Sum(b => (long)byte.PopCount(b)));
            var back = Enumerable.Repeat((byte)0x5A, bytes.Length).ToArray();
            format.Unpack(row, back);
            Assert.Equal(bytes, back);
        }, iter: 300);

    [Theory]
    [MemberData(nameof(Packed))]
    public void EveryBitHasOnePlaceOfItsOwn(TensorType type)
    {
        var format = PackedFormat.For(type);
        foreach (var blocks in (int[])[1, 2, 3])
        {
            var seen = new HashSet<int>();
            var bytes = new byte[blocks * type.BlockBytes()];
            var packed = new byte[format.RowBytes(Width(type, bytes))];
            for (var bit = 0; bit < 8 * bytes.Length; bit++)
            {
                Array.Clear(bytes);
                bytes[bit / 8] = (byte)(1 << bit % 8);
                format.Pack(bytes, packed);
                var place = Enumerable.Range(0, 8 * packed.Length).Single(i => (packed[i / 8] >> i % 8 & 1) == 1);
                Assert.True(seen.Add(place));
            }
            // What no bit went to is padding: unpacking ignores it.
            for (var i = 0; i < 8 * packed.Length; i++)
                if (!seen.Contains(i)) packed[i / 8] |= (byte)(1 << i % 8);
            var back = new byte[bytes.Length];
            format.Unpack(packed, back);
            Assert.Equal(bytes, back);
        }
    }

    [Theory]
    [MemberData(nameof(Packed))]
    public void RowsAreMultiplesOfSixteenBytesAndLittleLarger(TensorType type)
    {
        var format = PackedFormat.For(type);
        Assert.False(format.IsStandard);
        for (var blocks = 0L; blocks < 200; blocks++)
        {
            var width = blocks * type.BlockLength();
            Assert.Equal(0, format.RowBytes(width) % 16);
            Assert.InRange(format.RowBytes(width), type.RowBytes(width), type.RowBytes(width) + 17);
        }
        // A model's row has next to no padding.
        Assert.InRange(format.RowBytes(4096), type.RowBytes(4096), type.RowBytes(4096) * 1.01);
    }

    [Theory]
    [InlineData(TensorType.F32, 3, 5, 60)]
    [InlineData(TensorType.F16, 3, 5, 32)]
    [InlineData(TensorType.BF16, 1, 1, 4)]
    [InlineData(TensorType.I32, 7, 0, 0)]
    [InlineData(TensorType.Q2_K, 256, 3, 252)]
    [InlineData(TensorType.Q4_0, 64, 3, 144)]
    public void TensorsAreTheirRowsInWholeWords(TensorType type, long width, long rows, long expected)
        => Assert.Equal(expected, PackedFormat.For(type).TensorBytes(new TensorSpec { Type = type, Shape = new TensorShape(width, rows) }));

    [Theory]
    [MemberData(nameof(All))]
    public void LengthsThatDoNotAgreeAreRefused(TensorType type)
    {
        var format = PackedFormat.For(type);
        var bytes = new byte[3 * type.BlockBytes()];
        var packed = new byte[format.RowBytes(3 * type.BlockLength())];
        Assert.Throws<ArgumentException>(() => format.Pack(bytes, new byte[packed.Length + 1]));
        Assert.Throws<ArgumentException>(() => format.Pack(bytes, packed.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => format.Unpack(packed, new byte[bytes.Length - type.BlockBytes()]));
        if (type.BlockBytes() > 1) Assert.Throws<ArgumentException>(() => format.Pack(bytes.AsSpan(1), packed));
        if (type.BlockLength() > 1) Assert.Throws<ArgumentException>(() => format.RowBytes(type.BlockLength() + 1));
        Assert.Throws<ArgumentException>(() => format.RowBytes(-type.BlockLength()));
    }

    [Fact]
    public void AnUnknownTypeHasNoFormat() => Assert.Throws<ArgumentOutOfRangeException>(() => PackedFormat.For((TensorType)4));

    private static long Width(TensorType type, byte[] bytes) => (long)bytes.Length / type.BlockBytes() * type.BlockLength();
}
