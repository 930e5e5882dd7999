using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats;
using Hotplug.Gpu.Kernels.Products;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.GpuTests.Products;

/// <summary>Rows of packed and plain tables have the bits of the reference.</summary>
[Collection(DeviceCollections.OpenCl)]
public sealed class GetRowsTests(ProductBeds beds) : IClassFixture<ProductBeds>
{
    [Theory]
    [MemberData(nameof(ProductBeds.QuantCases), MemberType = typeof(ProductBeds))]
    public void PackedRowsHaveTheBitsOfTheReference(string kind, TensorType type)
    {
        foreach (var blocks in Enum.GetValues<BlockKind>())
        {
            var random = new Random(11 + 1_000_003 * (int)blocks);
            var width = type.BlockLength() * random.Next(1, kind == "emulator" ? 4 : 20);
            var (spec, bytes, ids) = Make(type, blocks, width, random);
            var output = beds.Poison(kind, (long)width * ids.Length);
            beds.Run(kind, QuantKernels.For(type)!.GetRows, 3, beds[kind].GroupSize, new GetRowsKernel.Arguments
            {
                Weights = beds.Upload(kind, ProductBeds.Words(spec, bytes, 5)),
                Ids = beds.Upload(kind, ids),
                Output = output,
                Start = 5,
                RowWords = PackedFormat.For(type).RowBytes(width) / 4,
                Units = width / 16,
                Rows = ids.Length,
            });
            Check(spec, bytes, ids, ProductBeds.Download(output));
        }
    }

    [Theory]
    [MemberData(nameof(ProductBeds.ElementCases), MemberType = typeof(ProductBeds))]
    public void PlainRowsHaveTheBitsOfTheReference(string kind, TensorType type)
    {
        foreach (var blocks in Enum.GetValues<BlockKind>())
        {
            var random = new Random(12 + 1_000_003 * (int)blocks);
            // Odd widths, so that rows of half precision begin in the middle of a word.
            var width = random.Next(1, 40);
            var (spec, bytes, ids) = Make(type, blocks, width, random);
            var output = beds.Poison(kind, (long)width * ids.Length);
            beds.Run(kind, ElementKernels.For(type)!.GetRows, 3, beds[kind].GroupSize, new GetRowsElementsKernel.Arguments
            {
                Table = beds.Upload(kind, ProductBeds.Words(spec, bytes, 3)),
                Ids = beds.Upload(kind, ids),
                Output = output,
                Start = type == TensorType.F32 ? 3 : 6,
                Width = width,
                Rows = ids.Length,
            });
            Check(spec, bytes, ids, ProductBeds.Download(output));
        }
    }

    private static (TensorSpec Spec, byte[] Bytes, int[] Ids) Make(TensorType type, BlockKind blocks, int width, Random random)
    {
        var spec = new TensorSpec { Type = type, Shape = new TensorShape(width, random.Next(1, 9)) };
        var ids = new int[random.Next(1, 7)];
        foreach (ref var id in ids.AsSpan()) id = random.Next((int)spec.RowCount);
        return (spec, RandomBlocks.Make(spec, blocks, random), ids);
    }

    private void Check(TensorSpec spec, byte[] bytes, int[] ids, float[] actual)
    {
        beds.Release();
        var table = Dequantizer.Read(spec.Type, bytes);
        var width = (int)spec.Shape.D0;
        for (var i = 0; i < actual.Length; i++)
            Assert.Equal(BitConverter.SingleToInt32Bits(table[ids[i / width] * width + i % width]), BitConverter.SingleToInt32Bits(actual[i]));
    }
}
