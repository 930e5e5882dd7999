using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Kernels.Attention;
using Hotplug.Gpu.Kernels.Positions;
using Hotplug.GpuTests.Attention;
using Hotplug.GpuTests.Kernels;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Tolerances;
using Xunit;

namespace Hotplug.GpuTests.Positions;

[Collection(DeviceCollections.OpenCl)]
public sealed class KvShiftTests(KernelBeds beds) : IClassFixture<KernelBeds>
{
    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void Shifted_keys_are_within_the_bounds_of_the_reference_and_nothing_else_changes(string kind)
    {
        var random = new Random(41);
        for (var i = 0; i < (kind == "emulator" ? 9 : 40); i++)
        {
            var type = new[] { TensorType.F32, TensorType.F16, TensorType.BF16 }[i % 3];
            var layer = PagedStep.LayerOf(random.Next(1, 4), 2 * random.Next(1, 9), random.Next(1, 9), type, TensorType.F16);
            var pageTokens = 2 << random.Next(4);
            var step = new PagedStep(random, layer, pageTokens, rows: false, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (random.Next(4 * pageTokens), 0))]);
            if (random.Next(2) == 0) step.Sequences[0] = step.Sequences[0] with { PositionShift = 0 };
            var parameters = RopeTests.Rotation(random, layer.KeyWidth);
            float[]? factors = random.Next(3) == 0 ? [.. step.Numbers(parameters.RotaryWidth / 2).Select(x => 2 + x)] : null;
            using var arrays = new DeviceArrays(beds[kind]);
            var pool = new PagedPool(arrays, step.Cache, random.Next(1, 5));
            var f = OneOperation.Weight("f", parameters.RotaryWidth / 2);
            var before = Keys(step);
            new OneOperation(new KvShift(factors is null ? null : f, parameters, layer.Layer), step.Bounds, factors is null ? [] : [(f, factors)]).Run(step.ForReference, step.Cache);

            var table = new RopeTable(parameters, factors);
            var numbers = new float[step.Sequences.Length * table.RowLength];
            table.FillShifts(step.Sequences, numbers);
            var arguments = new KvShiftKernel.Arguments
            {
                Table = arrays.Upload(numbers),
                Step = step.Upload(arrays),
                Sequences = step.Sequences.Length,
                Entries = step.Pages.Length,
                Pairs = table.Pairs,
                Adjacent = parameters.Style == RopeStyle.Adjacent ? 1 : 0,
            };
            for (var b = 0; b < pool.BufferCount; b++)
            {
                arguments.Words = pool.Words(b);
                arguments.Layer = pool.Layer(layer.Layer, b);
                arrays.Run<KvShiftKernel.Arguments>(type switch { TensorType.F32 => KvShiftKernel.Run<KvF32>, TensorType.F16 => KvShiftKernel.Run<KvF16>, _ => KvShiftKernel.Run<KvBF16> },
                    random.Next(1, 6), arguments);
            }
            Compare(step, layer, before, pool);
        }
    }

    private static double[][] Keys(PagedStep step)
        => [.. Enumerable.Range(0, step.PageCount).Select(page => Numbers(step.Layer.KeyType, step.Cache.Cells(page, step.Layer.Layer, KvPart.Keys, 0, step.Spec.PageTokens)))];

    private static double[] Numbers(TensorType type, ReadOnlySpan<byte> bytes)
    {
        var size = type == TensorType.F32 ? 4 : 2;
        var numbers = new double[bytes.Length / size];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = KvElement.Read(type, bytes[(i * size)..]);
        return numbers;
    }

    private static void Compare(PagedStep step, KvLayerSpec layer, double[][] before, PagedPool pool)
    {
        var expected = Keys(step);
        var unit = layer.KeyType switch { TensorType.F32 => Tolerance.Unit, TensorType.F16 => 1.0 / (1 << 11), _ => 1.0 / (1 << 8) };
        for (var page = 0; page < step.PageCount; page++)
        {
            var bytes = pool.Read(page, layer.Layer, KvPart.Keys);
            var actual = Numbers(layer.KeyType, bytes);
            var elementBytes = bytes.Length / actual.Length;
            for (var i = 0; i < actual.Length; i++)
            {
                // Cells nobody wrote have all bits set, and keep them.
                if (double.IsNaN(expected[page][i])) Assert.All(bytes.Skip(i * elementBytes).Take(elementBytes), b => Assert.Equal(0xFF, b));
                // A rotation keeps the length of what it rotates.
                var size = before[page].AsSpan(i / layer.KeyWidth * layer.KeyWidth, layer.KeyWidth).ToArray().Sum(Math.Abs);
                var bound = double.IsNaN(expected[page][i]) ? 0 : RopeBounds.Pair(20, size) + 2 * unit * Math.Abs(expected[page][i]);
                Assert.True(Tolerance.Accepts(expected[page][i], (float)actual[i], bound), $"Page {page}, element {i}: {actual[i]:g9} instead of {expected[page][i]:g9} ± {bound:g3}.");
            }
            foreach (var (number, part) in new[] { (layer.Layer, KvPart.Values), (layer.Layer - 1, KvPart.Keys), (layer.Layer - 1, KvPart.Values) })
                Assert.Equal(step.Cache.Cells(page, number, part, 0, step.Spec.PageTokens).ToArray(), pool.Read(page, number, part));
        }
    }
}
