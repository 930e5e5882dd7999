using CsCheck;
using Hotplug.Gpu.Kernels;
using Xunit;

namespace Hotplug.GpuTests.Kernels;

/// <summary>Products of bytes are exact.</summary>
public sealed class Dot4Tests
{
    private static readonly Gen<int> Word = Gen.OneOf(Gen.Int, Gen.OneOf(Gen.Const(unchecked((int)0x80808080)), Gen.Const(0x7F7F7F7F), Gen.Const(-1), Gen.Const(0)));

    [Fact]
    public void AWordIsFourSignedBytes()
        => Gen.Select(Word, Word, Gen.Int[-1 << 20, 1 << 20]).Sample((a, b, sum) => Assert.Equal(sum + Products(a, b), Dot4.Add(a, b, sum)));

    [Fact]
    public void FourWordsAreSixteen()
        => Gen.Select(Word.Array[4], Word.Array[4], Gen.Int[-1 << 20, 1 << 20]).Sample((a, b, sum)
            => Assert.Equal(sum + a.Zip(b, Products).Sum(), Dot4.Add(Quad(a), Quad(b), sum)));

    private static IntQuad Quad(int[] words) => new() { A = words[0], B = words[1], C = words[2], D = words[3] };

    private static int Products(int a, int b) => BitConverter.GetBytes(a).Zip(BitConverter.GetBytes(b), (x, y) => (sbyte)x * (sbyte)y).Sum();
}
