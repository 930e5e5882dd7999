using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats;
using Hotplug.Gpu.Kernels.Products;
using Hotplug.Reference.Formats;
using Hotplug.Reference.Tolerances;
using Xunit;

namespace Hotplug.GpuTests.Products;

/// <summary>Packed weights times quantised activations, by all three kernels.</summary>
[Collection(DeviceCollections.OpenCl)]
public sealed class MatMulTests(ProductBeds beds) : IClassFixture<ProductBeds>
{
    [Theory]
    [MemberData(nameof(ProductBeds.QuantCases), MemberType = typeof(ProductBeds))]
    public void RandomShapesStayWithinTheTolerance(string kind, TensorType type)
    {
        foreach (var product in Enum.GetValues<Product>())
            foreach (var activations in Enum.GetValues<ActivationKind>())
            {
                var random = Seeded(type, product, (int)activations);
                var blocks = (BlockKind)random.Next((int)BlockKind.Mixed + 1);
                var (spec, weights) = Weights(kind, type, blocks, random);
                var columns = Columns(kind, product, random);
                var x = new float[spec.Shape.D0 * columns];
                for (var c = 0; c < columns; c++) RandomActivations.Fill(activations, random, x.AsSpan(c * (int)spec.Shape.D0, (int)spec.Shape.D0));
                var bias = random.Next(2) == 0 ? null : Random(random, spec.Shape.D1);
                var actual = Multiply(kind, product, spec, weights, x, bias, Lanes(kind, random), random.Next(1, 5));
                ProductCheck.MatMul(spec, weights, x, bias, actual);
            }
    }

    /// <summary>
    /// Activations that their codes represent exactly leave float sums as the only source of error: the bound of F32 weights holds, about a thousand
    /// times sharper than that of activations in eight bits.
    /// </summary>
    [Theory]
    [MemberData(nameof(ProductBeds.QuantCases), MemberType = typeof(ProductBeds))]
    public void ActivationsThatCodesRepresentExactlyLeaveOnlyFloatSums(string kind, TensorType type)
    {
        foreach (var product in Enum.GetValues<Product>())
            for (var round = 0; round < 3; round++)
            {
                var random = Seeded(type, product, 10 + round);
                var (spec, weights) = Weights(kind, type, BlockKind.Ordinary, random);
                var (k, m) = ((int)spec.Shape.D0, (int)spec.Shape.D1);
                var columns = Columns(kind, product, random);
                var x = new float[k * columns];
                for (var i = 0; i < x.Length; i++) x[i] = (i % 32 == 5 ? 32384 : random.Next(-32384, 32385)) / 4096f;
                var actual = Multiply(kind, product, spec, weights, x, null, Lanes(kind, random), random.Next(1, 5));
                var elements = Dequantizer.Read(type, weights);
                var magnitudes = new float[elements.Length];
                Dequantizer.ReadMagnitudes(type, weights, magnitudes);
                for (var i = 0; i < actual.Length; i++)
                {
                    double expected = 0, size = 0;
                    for (var e = 0; e < k; e++)
                    {
                        expected += (double)elements[i % m * k + e] * x[i / m * k + e];
                        size += Math.Abs((double)magnitudes[i % m * k + e] * x[i / m * k + e]);
                    }
                    Assert.Equal(expected, actual[i], (k / 16 + 16) * Tolerance.Unit * size);
                }
            }
    }

    [Theory]
    [MemberData(nameof(ProductBeds.QuantCases), MemberType = typeof(ProductBeds))]
    public void AColumnHasTheSameBitsAloneAndAmongOthers(string kind, TensorType type)
    {
        var random = Seeded(type, Product.Vector, 20);
        var (spec, weights) = Weights(kind, type, BlockKind.Ordinary, random);
        var k = (int)spec.Shape.D0;
        var x = Random(random, 5L * k);
        var lanes = beds[kind].GroupSize;
        var few = Multiply(kind, Product.Columns, spec, weights, x, null, lanes, 2);
        Assert.Equal(few, Multiply(kind, Product.Vector, spec, weights, x, null, lanes, 3));
        Assert.Equal(few[^(int)spec.Shape.D1..], Multiply(kind, Product.Vector, spec, weights, x[(4 * k)..], null, lanes, 1));
        var many = Multiply(kind, Product.Matrix, spec, weights, x, null, lanes, 2);
        Assert.Equal(many[^(int)spec.Shape.D1..], Multiply(kind, Product.Matrix, spec, weights, x[(4 * k)..], null, lanes, 1));
    }

    private enum Product
    {
        Vector,
        Columns,
        Matrix,
    }

    // Far apart: the first numbers of neighbouring seeds resemble each other.
    private static Random Seeded(TensorType type, Product product, int round) => new(unchecked(1_000_003 * (31 * round + (int)product) + 7_919 * (int)type));

    private static (TensorSpec Spec, byte[] Bytes) Weights(string kind, TensorType type, BlockKind blocks, Random random)
    {
        var small = kind == "emulator";
        var longest = small ? Math.Max(1, 128 / type.BlockLength()) : Math.Max(2, 768 / type.BlockLength());
        // Half of the rows of 32-element blocks surely end within a step of the tile.
        var blocksOfRow = random.Next(1, longest + 1) | random.Next(2);
        var spec = new TensorSpec { Type = type, Shape = new TensorShape(type.BlockLength() * blocksOfRow, random.Next(1, small ? 12 : 150)) };
        return (spec, RandomBlocks.Make(spec, blocks, random));
    }

    private static int Columns(string kind, Product product, Random random)
        => product == Product.Matrix ? random.Next(1, kind == "emulator" ? 12 : 150) : random.Next(1, 10);

    // The emulator has four lanes at most; OpenCL on a processor compiles a kernel for each number of them, so they are few.
    private static int Lanes(string kind, Random random) => kind == "emulator" ? 1 << random.Next(3) : 1 << 4 * random.Next(3);

    private static float[] Random(Random random, long count)
    {
        var values = new float[count];
        foreach (ref var value in values.AsSpan()) value = random.NextSingle() * 2 - 1;
        return values;
    }

    private float[] Multiply(string kind, Product product, TensorSpec spec, byte[] weights, float[] x, float[]? bias, int lanes, int groups)
    {
        var (k, m) = ((int)spec.Shape.D0, (int)spec.Shape.D1);
        var (units, columns) = (k / 16, x.Length / k);
        var input = beds.Upload(kind, new int[Activations.RowWords(k) * columns]);
        beds.Run(kind, QuantizeKernel.Run, 2, lanes,
            new QuantizeKernel.Arguments { Input = beds.Upload(kind, x), Output = input, Units = units, Rows = columns });
        var output = beds.Poison(kind, (long)m * columns);
        var kernel = product switch
        {
            Product.Vector => QuantKernels.For(spec.Type)!.MatVec,
            Product.Columns => QuantKernels.For(spec.Type)!.Columns,
            _ => QuantKernels.For(spec.Type)!.MatMul,
        };
        beds.Run(kind, kernel, groups, lanes, new MatVecKernel.Arguments
        {
            Weights = beds.Upload(kind, ProductBeds.Words(spec, weights, 7)),
            Input = input,
            Bias = beds.Upload(kind, bias ?? []),
            Output = output,
            Start = 7,
            RowWords = PackedFormat.For(spec.Type).RowBytes(k) / 4,
            Units = units,
            Rows = m,
            Columns = columns,
            HasBias = bias is null ? 0 : 1,
        });
        var result = ProductBeds.Download(output);
        beds.Release();
        return result;
    }
}
