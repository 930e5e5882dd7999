using Hotplug.Abstractions.Tensors;
using Hotplug.Gpu.Kernels.Products;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.GpuTests.Products;

/// <summary>Plain weights times activations in single precision, by both kernels.</summary>
[Collection(DeviceCollections.OpenCl)]
public sealed class MatMulElementsTests(ProductBeds beds) : IClassFixture<ProductBeds>
{
    [Theory]
    [MemberData(nameof(ProductBeds.ElementCases), MemberType = typeof(ProductBeds))]
    public void RandomShapesStayWithinTheTolerance(string kind, TensorType type)
    {
        foreach (var matrix in (bool[])[false, true])
            for (var round = 0; round < 12; round++)
            {
                var random = new Random(400 + 1_000_003 * round);
                var small = kind == "emulator";
                // Widths of any parity, aligned or not.
                var shape = new TensorShape(random.Next(1, small ? 70 : 700), random.Next(1, small ? 12 : 150));
                var spec = new TensorSpec { Type = type, Shape = shape };
                var weights = RandomBlocks.Make(spec, (BlockKind)(round % 5), random);
                var columns = random.Next(1, !matrix ? 10 : small ? 12 : 150);
                var x = new float[shape.D0 * columns];
                RandomActivations.Fill((ActivationKind)(round % 6), random, x);
                var bias = round % 2 == 0 ? null : new float[shape.D1];
                if (bias is not null) RandomActivations.Fill(ActivationKind.Ordinary, random, bias);
                var output = beds.Poison(kind, shape.D1 * columns);
                // A tensor may begin at any element, also in the middle of a word.
                beds.Run(kind, matrix ? ElementKernels.For(type)!.MatMul : ElementKernels.For(type)!.MatVec, random.Next(1, 5),
                    1 << random.Next(0, small ? 3 : 9), new MatVecElementsKernel.Arguments
                    {
                        Weights = beds.Upload(kind, ProductBeds.Words(spec, weights, 3)),
                        Input = beds.Upload(kind, x),
                        Bias = beds.Upload(kind, bias ?? []),
                        Output = output,
                        Start = type == TensorType.F32 ? 3 : 6,
                        Width = (int)shape.D0,
                        Rows = (int)shape.D1,
                        Columns = columns,
                        HasBias = bias is null ? 0 : 1,
                    });
                var actual = ProductBeds.Download(output);
                beds.Release();
                ProductCheck.MatMul(spec, weights, x, bias, actual);
            }
    }
}
