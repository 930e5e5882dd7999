using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Kernels.Routing;
using Hotplug.GpuTests.Kernels;
using Hotplug.Reference.Execution;
using Xunit;

namespace Hotplug.GpuTests.Routing;

[Collection(DeviceCollections.OpenCl)]
public sealed class RoutingTests(KernelBeds beds) : IClassFixture<KernelBeds>
{
    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void The_largest_element_is_that_of_the_reference_with_ties_and_what_is_not_a_number(string kind)
    {
        var random = new Random(51);
        for (var i = 0; i < 40; i++)
        {
            var (rows, width) = (random.Next(1, 5), random.Next(1, 300));
            var x = Steps(random, rows * width);
            if (i % 3 == 0)
                for (var n = 0; n < x.Length; n++) x[n] = random.Next(4) switch { 0 => float.NaN, 1 => float.NegativeInfinity, _ => x[n] };
            if (i % 7 == 0) Array.Fill(x, float.NaN);
            var (input, ids, values) = (OneOperation.Value("x", new(width, Dimension.OutputRows)), OneOperation.Value("i", new(Dimension.OutputRows), TensorType.I32), OneOperation.Value("v", new(Dimension.OutputRows)));
            var reference = new OneOperation(new ArgMax(input, ids, values), new StepBounds { Tokens = 1, OutputRows = rows, Sequences = 1 });
            reference.Run(new ReferenceStep { OutputRows = new int[rows] }, null, x);
            using var arrays = new DeviceArrays(beds[kind]);
            var arguments = new ArgMaxKernel.Arguments { Input = arrays.Upload(x), Ids = arrays.Room<int>(rows), Values = arrays.Room<float>(rows), Rows = rows, Width = width };
            arrays.Run(ArgMaxKernel.Run, 2, arguments);
            reference.Expect(ids, DeviceArrays.Read(arguments.Ids, rows), $"{rows} rows of {width}");
            reference.Expect(values, DeviceArrays.Read(arguments.Values, rows), $"{rows} rows of {width}");
        }
    }

    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void Softmax_is_within_the_bounds_of_the_reference(string kind)
    {
        var random = new Random(52);
        for (var i = 0; i < 30; i++)
        {
            var (rows, width) = (random.Next(1, 5), random.Next(1, 300));
            var scale = random.Next(3) switch { 0 => 0f, 1 => 1000f, _ => 5f };
            float[] x = [.. Enumerable.Range(0, rows * width).Select(_ => (random.NextSingle() * 2 - 1) * scale)];
            if (i % 5 == 0) x[^1] = float.NaN;
            if (i % 5 == 1 && width > 1) x[^1] = float.NegativeInfinity;
            var shape = new SymbolicShape(width, Dimension.Tokens);
            var (input, output) = (OneOperation.Value("x", shape), OneOperation.Value("y", shape));
            var reference = new OneOperation(new Softmax(input, output), new StepBounds { Tokens = rows, OutputRows = 1, Sequences = 1 });
            reference.Run(new ReferenceStep { TokenIds = new int[rows], Positions = new int[rows] }, null, x);
            using var arrays = new DeviceArrays(beds[kind]);
            var from = arrays.Upload(x);
            var to = random.Next(2) == 0 ? from : arrays.Room<float>(x.Length);
            arrays.Run(SoftmaxKernel.Run, 2, new SoftmaxKernel.Arguments { Input = from, Output = to, Rows = rows, Width = width });
            reference.Expect(output, DeviceArrays.Read(to, x.Length), $"{rows} rows of {width}, scale {scale}");
        }
    }

    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void Experts_are_those_of_the_reference(string kind)
    {
        var random = new Random(53);
        for (var i = 0; i < 40; i++)
        {
            var (rows, experts) = (random.Next(1, 5), random.Next(1, 80));
            var used = random.Next(1, Math.Min(experts, 9) + 1);
            // Apart, so that rounding does not choose; and in some cases every one twice, so that ties do occur.
            var logits = new float[rows * experts];
            for (var row = 0; row < rows; row++)
            {
                var order = Enumerable.Range(0, experts).OrderBy(_ => random.Next()).ToArray();
                for (var e = 0; e < experts; e++) logits[row * experts + e] = (i % 2 == 0 ? order[e] : order[e] / 2 * 2) * 0.1f - 3;
            }
            if (i % 10 == 9) logits[random.Next(logits.Length)] = float.NaN;
            var sigmoid = random.Next(2) == 0;
            float[]? bias = random.Next(2) == 0 ? [.. Enumerable.Range(0, experts).Select(_ => random.Next(-2, 3) * 3f)] : null;
            var (x, b, ids, weights) = (OneOperation.Value("x", new(experts, Dimension.Tokens)), OneOperation.Weight("b", experts), OneOperation.Value("i", new(used, Dimension.Tokens), TensorType.I32),
                OneOperation.Value("w", new(used, Dimension.Tokens)));
            var operation = new RouteTopK(x, bias is null ? null : b, sigmoid, random.Next(2) == 0, 1.5f, ids, weights);
            var reference = new OneOperation(operation, new StepBounds { Tokens = rows, OutputRows = 1, Sequences = 1 }, bias is null ? [] : [(b, bias)]);
            reference.Run(new ReferenceStep { TokenIds = new int[rows], Positions = new int[rows] }, null, logits);
            using var arrays = new DeviceArrays(beds[kind]);
            var arguments = new RouteTopKKernel.Arguments
            {
                Logits = arrays.Upload(logits),
                Bias = arrays.Upload(bias ?? []),
                Ids = arrays.Room<int>(rows * used),
                Weights = arrays.Room<float>(rows * used),
                Rows = rows,
                Experts = experts,
                Used = used,
                HasBias = bias is null ? 0 : 1,
                Sigmoid = sigmoid ? 1 : 0,
                Renormalize = operation.Renormalize ? 1 : 0,
                Scale = operation.Scale,
            };
            arrays.Run(RouteTopKKernel.Run, 2, arguments);
            reference.Expect(ids, DeviceArrays.Read(arguments.Ids, rows * used), $"case {i}, {operation}");
            // What is not a number has no bound.
            if (i % 10 != 9) reference.Expect(weights, DeviceArrays.Read(arguments.Weights, rows * used), $"case {i}, {operation}");
        }
    }

    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void Pooled_rows_are_within_the_bounds_of_the_reference(string kind)
    {
        var random = new Random(54);
        for (var i = 0; i < 24; i++)
        {
            var width = random.Next(1, 100);
            var sequences = new SequenceStep[random.Next(1, 4)];
            var rows = 0;
            for (var s = 0; s < sequences.Length; s++)
            {
                sequences[s] = new SequenceStep { FirstRow = rows, RowCount = random.Next(5) };
                rows += sequences[s].RowCount;
            }
            if (rows == 0) continue;
            var x = Steps(random, rows * width);
            var (input, output) = (OneOperation.Value("x", new(width, Dimension.Tokens)), OneOperation.Value("y", new(width, Dimension.Sequences)));
            var reference = new OneOperation(new Pool(input, (Pooling)(i % 3), output), new StepBounds { Tokens = rows, OutputRows = 1, Sequences = sequences.Length });
            reference.Run(new ReferenceStep { TokenIds = new int[rows], Positions = new int[rows], Sequences = sequences }, null, x);
            using var arrays = new DeviceArrays(beds[kind]);
            var table = new int[sequences.Length * StepTables.SequenceWords];
            StepTables.FillSequences(sequences, table);
            var to = arrays.Room<float>(sequences.Length * width);
            arrays.Run(PoolKernel.Run, 2, new PoolKernel.Arguments { Input = arrays.Upload(x), Output = to, Sequences = arrays.Upload(table), SequenceCount = sequences.Length, Width = width, Kind = i % 3 });
            reference.Expect(output, DeviceArrays.Read(to, sequences.Length * width), $"{(Pooling)(i % 3)}");
        }
    }

    [Fact]
    public void The_ways_of_pooling_have_the_numbers_the_kernel_knows()
        => Assert.Equal([PoolKernel.Mean, PoolKernel.First, PoolKernel.Last], [(int)Pooling.Mean, (int)Pooling.First, (int)Pooling.Last]);

    private static float[] Steps(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-4, 5) * 0.75f)];
}
