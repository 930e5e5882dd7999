using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Gpu.Kernels.Attention;
using Hotplug.GpuTests.Kernels;
using Xunit;

namespace Hotplug.GpuTests.Attention;

[Collection(DeviceCollections.OpenCl)]
public sealed class KvAppendTests(KernelBeds beds) : IClassFixture<KernelBeds>
{
    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void Appended_cells_are_those_of_the_reference_bit_for_bit_and_nothing_else_changes(string kind)
    {
        var random = new Random(5);
        for (var i = 0; i < (kind == "emulator" ? 8 : 40); i++)
        {
            var types = new[] { TensorType.F32, TensorType.F16, TensorType.BF16 };
            var layer = PagedStep.LayerOf(random.Next(1, 4), random.Next(1, 20), random.Next(1, 20), types[i % 3], types[i / 3 % 3]);
            var pageTokens = 2 << random.Next(4);
            // At odd and even cells, about the ends of pages.
            var lengths = Enumerable.Range(0, random.Next(1, 5)).Select(_ => (random.Next(3 * pageTokens), random.Next(1, pageTokens + 3))).ToArray();
            var step = new PagedStep(random, layer, pageTokens, rows: true, lengths);
            using var arrays = new DeviceArrays(beds[kind]);
            var pool = new PagedPool(arrays, step.Cache, random.Next(1, 4));
            float[] key = step.Numbers((long)step.Rows * layer.Heads * layer.KeyWidth), value = step.Numbers((long)step.Rows * layer.Heads * layer.ValueWidth, 70000);

            var (k, v) = (OneOperation.Value("k", new(layer.KeyWidth, layer.Heads, Dimension.Tokens)), OneOperation.Value("v", new(layer.ValueWidth, layer.Heads, Dimension.Tokens)));
            new OneOperation(new KvAppend(k, v, layer.Layer), step.Bounds).Run(step.ForReference, step.Cache, key, value);
            var arguments = new KvAppendKernel.Arguments { Key = arrays.Upload(key), Value = arrays.Upload(value), Step = step.Upload(arrays), Rows = step.Rows };
            for (var b = 0; b < pool.BufferCount; b++)
            {
                arguments.Words = pool.Words(b);
                arguments.Layer = pool.Layer(layer.Layer, b);
                arrays.Run(Kernel(layer.KeyType, layer.ValueType), random.Next(1, 6), arguments);
            }
            pool.ExpectSame(step.Cache);
        }
    }

    private static Action<KvAppendKernel.Arguments> Kernel(TensorType key, TensorType value) => (key, value) switch
    {
        (TensorType.F32, TensorType.F32) => KvAppendKernel.Run<KvF32, KvF32>,
        (TensorType.F32, TensorType.F16) => KvAppendKernel.Run<KvF32, KvF16>,
        (TensorType.F32, _) => KvAppendKernel.Run<KvF32, KvBF16>,
        (TensorType.F16, TensorType.F32) => KvAppendKernel.Run<KvF16, KvF32>,
        (TensorType.F16, TensorType.F16) => KvAppendKernel.Run<KvF16, KvF16>,
        (TensorType.F16, _) => KvAppendKernel.Run<KvF16, KvBF16>,
        (_, TensorType.F32) => KvAppendKernel.Run<KvBF16, KvF32>,
        (_, TensorType.F16) => KvAppendKernel.Run<KvBF16, KvF16>,
        _ => KvAppendKernel.Run<KvBF16, KvBF16>,
    };
}
