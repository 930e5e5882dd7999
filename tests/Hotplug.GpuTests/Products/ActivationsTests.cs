using Hotplug.Gpu.Kernels.Products;
using Hotplug.GpuTests.Kernels;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.GpuTests.Products;

/// <summary>Quantised activations are those of the formula, bit for bit.</summary>
[Collection(DeviceCollections.OpenCl)]
public sealed class ActivationsTests(ProductBeds beds) : IClassFixture<ProductBeds>
{
    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void CodesStepsAndSumsAreThoseOfTheFormula(string kind)
    {
        foreach (var activations in Enum.GetValues<ActivationKind>())
        {
            var random = new Random(5 + 1_000_003 * (int)activations);
            var (units, rows) = (2 * random.Next(1, 9), random.Next(1, 6));
            var x = new float[16 * units * rows];
            for (var row = 0; row < rows; row++) RandomActivations.Fill(activations, random, x.AsSpan(16 * units * row, 16 * units));
            Check(kind, x, units, rows);
        }
    }

    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void TiesVanishingAndExtremeNumbersAreThoseOfTheFormula(string kind)
    {
        var x = new float[32 * 6];
        // A step of exactly 2^-3, and every kind of tie between codes.
        for (var i = 0; i < 32; i++) x[i] = i == 7 ? 32384f / 8 : (i * 127 + 0.5f) / 8 * (i % 2 == 0 ? 1 : -1);
        for (var i = 0; i < 32; i++) x[32 + i] = 1e-34f * i;
        for (var i = 0; i < 32; i++) x[64 + i] = float.MaxValue / (i + 1);
        for (var i = 0; i < 32; i++) x[96 + i] = 1.1e-33f - 1e-38f * i;
        for (var i = 0; i < 32; i++) x[128 + i] = i == 3 ? -0f : 0f;
        for (var i = 0; i < 32; i++) x[160 + i] = -1f;
        Check(kind, x, 12, 1);
    }

    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void ANotANumberStaysOne(string kind)
    {
        var x = new float[32];
        x[9] = float.NaN;
        Assert.True(float.IsNaN(BitConverter.Int32BitsToSingle(Quantize(kind, x, 2, 1)[8 * 2])));
    }

    private void Check(string kind, float[] x, int units, int rows)
    {
        var actual = Quantize(kind, x, units, rows);
        var codes = new int[x.Length];
        for (var row = 0; row < rows; row++)
            for (var u = 0; u < units; u++)
            {
                var at = row * 10 * units + u;
                var block = x.AsSpan(16 * (row * units + u / 2 * 2), 32);
                var largest = 0f;
                foreach (var element in block) largest = MathF.Max(largest, MathF.Abs(element));
                var factor = largest < 1e-33f ? 0 : 32384f / largest;
                Assert.Equal(BitConverter.SingleToInt32Bits(largest < 1e-33f ? 0 : largest * (1f / 32384)), actual[at + 8 * units]);
                var sum = 0;
                for (var e = 0; e < 16; e++)
                {
                    var code = MathF.Round(x[16 * (row * units + u) + e] * factor);
                    var coarse = MathF.Round(code * (1f / 254));
                    sum += (int)code;
                    Assert.Equal((int)coarse, (sbyte)(actual[at + e / 4 * units] >> (e % 4 * 8)));
                    Assert.Equal((int)(code - 254 * coarse), (sbyte)(actual[at + (4 + e / 4) * units] >> (e % 4 * 8)));
                }
                Assert.Equal(sum, actual[at + 9 * units]);
            }
    }

    private int[] Quantize(string kind, float[] x, int units, int rows)
    {
        var output = beds.Upload(kind, new int[Activations.RowWords(16 * units) * rows]);
        beds.Run(kind, QuantizeKernel.Run, 2, beds[kind].GroupSize,
            new QuantizeKernel.Arguments { Input = beds.Upload(kind, x), Output = output, Units = units, Rows = rows });
        var result = ProductBeds.Download(output);
        beds.Release();
        return result;
    }
}
