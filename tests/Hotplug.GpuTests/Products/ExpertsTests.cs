using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats;
using Hotplug.Gpu.Kernels.Products;
using Hotplug.GpuTests.Kernels;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.GpuTests.Products;

/// <summary>Products with chosen experts, and their weighted sums.</summary>
[Collection(DeviceCollections.OpenCl)]
public sealed class ExpertsTests(ProductBeds beds) : IClassFixture<ProductBeds>
{
    [Theory]
    [MemberData(nameof(ProductBeds.QuantCases), MemberType = typeof(ProductBeds))]
    public void PackedExpertsStayWithinTheTolerance(string kind, TensorType type) => Check(kind, type);

    [Theory]
    [MemberData(nameof(ProductBeds.ElementCases), MemberType = typeof(ProductBeds))]
    public void PlainExpertsStayWithinTheTolerance(string kind, TensorType type) => Check(kind, type);

    [Theory]
    [InlineData("emulator", TensorType.Q8_0)]
    [InlineData("driver", TensorType.Q8_0)]
    [InlineData("emulator", TensorType.F16)]
    [InlineData("driver", TensorType.F16)]
    public void AnExpertThatDoesNotExistGivesNoNumber(string kind, TensorType type)
    {
        var spec = new TensorSpec { Type = type, Shape = new TensorShape(32, 3, 2) };
        var weights = RandomBlocks.Make(spec, BlockKind.Ordinary, new Random(1));
        var actual = Multiply(kind, spec, weights, Enumerable.Repeat(1f, 32).ToArray(), [1, 2, -1, int.MaxValue], 4, false, null);
        Assert.All(actual[..3], value => Assert.False(float.IsNaN(value)));
        Assert.All(actual[3..], value => Assert.True(float.IsNaN(value)));
    }

    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void WeightedSumsStayWithinTheTolerance(string kind)
    {
        for (var round = 0; round < 6; round++)
        {
            var random = new Random(700 + 1_000_003 * round);
            var (width, used, tokens) = (random.Next(1, 70), random.Next(1, 5), random.Next(1, 6));
            var x = new float[width * used * tokens];
            RandomActivations.Fill((ActivationKind)round, random, x);
            var w = new float[used * tokens];
            RandomActivations.Fill(ActivationKind.Ordinary, random, w);
            var output = beds.Poison(kind, (long)width * tokens);
            beds.Run(kind, CombineExpertsKernel.Run, 3, beds[kind].GroupSize, new CombineExpertsKernel.Arguments
            {
                Input = beds.Upload(kind, x), Weights = beds.Upload(kind, w), Output = output, Width = width, Used = used, Tokens = tokens,
            });
            var actual = ProductBeds.Download(output);
            beds.Release();
            var input = new GraphValue("x", TensorType.F32, new TensorShape(width, used, tokens));
            var weights = new GraphValue("w", TensorType.F32, new TensorShape(used, tokens));
            var y = new GraphValue("y", TensorType.F32, new TensorShape(width, tokens));
            ProductCheck.Compare(new CombineExperts(input, weights, y), [input, weights], y, _ => throw new InvalidOperationException(), [x, w], actual);
        }
    }

    private void Check(string kind, TensorType type)
    {
        for (var round = 0; round < 6; round++)
        {
            var random = new Random(600 + 1_000_003 * round);
            var small = kind == "emulator";
            var width = type.IsQuantized() ? type.BlockLength() * random.Next(1, small ? 2 : 5) : random.Next(1, small ? 50 : 500);
            var spec = new TensorSpec { Type = type, Shape = new TensorShape(width, random.Next(1, small ? 7 : 60), random.Next(1, 6)) };
            var weights = RandomBlocks.Make(spec, (BlockKind)(round % 5), random);
            var (used, tokens, perExpert) = (random.Next(1, 4), random.Next(1, 4), round % 2 == 1);
            var x = new float[width * tokens * (perExpert ? used : 1)];
            RandomActivations.Fill((ActivationKind)round, random, x);
            var ids = new int[used * tokens];
            foreach (ref var id in ids.AsSpan()) id = random.Next((int)spec.Shape.D2);
            var bias = round % 3 == 0 ? null : new float[spec.Shape.D1 * spec.Shape.D2];
            if (bias is not null) RandomActivations.Fill(ActivationKind.Ordinary, random, bias);
            var actual = Multiply(kind, spec, weights, x, ids, used, perExpert, bias);

            var weight = new GraphValue("w", type, spec.Shape, isWeight: true);
            var b = bias is null ? null : new GraphValue("b", TensorType.F32, new TensorShape(spec.Shape.D1, spec.Shape.D2), isWeight: true);
            var input = new GraphValue("x", TensorType.F32, new TensorShape(width, perExpert ? used : 1, tokens));
            var chosen = new GraphValue("i", TensorType.I32, new TensorShape(used, tokens));
            var output = new GraphValue("y", TensorType.F32, new TensorShape(spec.Shape.D1, used, tokens));
            ProductCheck.Compare(new MatMulExperts(weight, b, input, chosen, output), [input, chosen], output,
                v => v == weight ? ReferenceWeight.FromBytes(spec, weights) : ReferenceWeight.FromElements(new TensorShape(spec.Shape.D1, spec.Shape.D2), bias!),
                [x, [.. ids.Select(id => (float)id)]], actual);
        }
    }

    private float[] Multiply(string kind, TensorSpec spec, byte[] weights, float[] x, int[] ids, int used, bool perExpert, float[]? bias)
    {
        var (k, m, tokens) = ((int)spec.Shape.D0, (int)spec.Shape.D1, ids.Length / used);
        var lanes = beds[kind].GroupSize;
        var output = beds.Poison(kind, (long)m * ids.Length);
        var words = beds.Upload(kind, ProductBeds.Words(spec, weights, 3));
        var b = beds.Upload(kind, bias ?? []);
        var input = beds.Upload(kind, x);
        var chosen = beds.Upload(kind, ids);
        if (spec.Type.IsQuantized())
        {
            var quantized = beds.Upload(kind, new int[Activations.RowWords(k) * (x.Length / k)]);
            beds.Run(kind, QuantizeKernel.Run, 2, lanes,
                new QuantizeKernel.Arguments { Input = input, Output = quantized, Units = k / 16, Rows = x.Length / k });
            beds.Run(kind, QuantKernels.For(spec.Type)!.Experts, 3, lanes, new MatMulExpertsKernel.Arguments
            {
                Weights = words, Input = quantized, Ids = chosen, Bias = b, Output = output, Start = 3,
                RowWords = PackedFormat.For(spec.Type).RowBytes(k) / 4, Units = k / 16, Rows = m, Experts = (int)spec.Shape.D2, Used = used,
                Tokens = tokens, InputPerExpert = perExpert ? 1 : 0, HasBias = bias is null ? 0 : 1,
            });
        }
        else
        {
            beds.Run(kind, ElementKernels.For(spec.Type)!.Experts, 3, lanes, new MatMulExpertsElementsKernel.Arguments
            {
                Weights = words, Input = input, Ids = chosen, Bias = b, Output = output, Start = spec.Type == TensorType.F32 ? 3 : 6,
                Width = k, Rows = m, Experts = (int)spec.Shape.D2, Used = used, Tokens = tokens, InputPerExpert = perExpert ? 1 : 0,
                HasBias = bias is null ? 0 : 1,
            });
        }
        var result = ProductBeds.Download(output);
        beds.Release();
        return result;
    }
}
