using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Kernels.Positions;
using Hotplug.GpuTests.Kernels;
using Hotplug.Reference.Execution;
using Xunit;

namespace Hotplug.GpuTests.Positions;

[Collection(DeviceCollections.OpenCl)]
public sealed class RopeTests(KernelBeds beds) : IClassFixture<KernelBeds>
{
    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void Rotations_are_within_the_bounds_of_the_reference(string kind)
    {
        var random = new Random(31);
        for (var i = 0; i < 40; i++)
        {
            var (width, heads, rows, inPlace) = (2 * random.Next(1, kind == "emulator" ? 9 : 65), random.Next(1, 5), random.Next(1, 6), random.Next(2) == 0);
            var parameters = Rotation(random, width);
            var first = random.Next(100000);
            int[] positions = [.. Enumerable.Range(first, rows)];
            var factors = random.Next(3) == 0 ? Numbers(parameters.RotaryWidth / 2, 1, 8) : null;
            var x = Numbers(rows * heads * width, -5, 5);
            var shape = new SymbolicShape(width, heads, Dimension.Tokens);
            var (input, output, f) = (OneOperation.Value("x", shape), OneOperation.Value("y", shape), OneOperation.Weight("f", parameters.RotaryWidth / 2));
            var reference = new OneOperation(new Rope(input, factors is null ? null : f, parameters, output), new StepBounds { Tokens = rows, OutputRows = 1, Sequences = 1 }, factors is null ? [] : [(f, factors)]);
            reference.Run(new ReferenceStep { TokenIds = positions, Positions = positions, Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = rows } } }, null, x);

            var table = new RopeTable(parameters, factors);
            var numbers = new float[rows * table.RowLength];
            table.Fill(positions, numbers);
            using var arrays = new DeviceArrays(beds[kind]);
            var from = arrays.Upload(x);
            var to = inPlace ? from : arrays.Room<float>(x.Length);
            arrays.Run(RopeKernel.Run, random.Next(1, 4), new RopeKernel.Arguments
            {
                Input = from,
                Output = to,
                Table = arrays.Upload(numbers),
                Rows = rows,
                Heads = heads,
                Width = width,
                Pairs = table.Pairs,
                Adjacent = parameters.Style == RopeStyle.Adjacent ? 1 : 0,
            });
            reference.Expect(output, DeviceArrays.Read(to, x.Length), $"{parameters}, factors {factors is not null}, in place {inPlace}");
        }

        float[] Numbers(int count, float low, float high) => [.. Enumerable.Range(0, count).Select(_ => low + random.NextSingle() * (high - low))];
    }

    [Fact]
    public void A_table_takes_as_many_factors_as_there_are_pairs()
        => Assert.Throws<ArgumentException>(() => new RopeTable(new RopeParameters { Style = RopeStyle.Halves, RotaryWidth = 8 }, new float[3]));

    [Fact]
    public void Filling_a_table_allocates_nothing()
    {
        var table = new RopeTable(new RopeParameters { Style = RopeStyle.Halves, RotaryWidth = 64 }, []);
        var numbers = new float[table.RowLength * 2];
        int[] positions = [5, 6];
        table.Fill(positions, numbers);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) table.Fill(positions, numbers);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    internal static RopeParameters Rotation(Random random, int width)
    {
        var parameters = new RopeParameters
        {
            Style = random.Next(2) == 0 ? RopeStyle.Adjacent : RopeStyle.Halves,
            RotaryWidth = random.Next(3) == 0 ? 2 * random.Next(0, width / 2 + 1) : width,
            Base = random.Next(2) == 0 ? 10000f : 500000f,
        };
        return random.Next(4) switch
        {
            0 => parameters with { FrequencyScale = 0.25f, AttentionFactor = 0.5f },
            1 => parameters with { FrequencyScale = 0.125f, ExtrapolationFactor = 1f, OriginalContext = 512, AttentionFactor = 1.1f },
            2 => parameters with { FrequencyScale = 0.5f, ExtrapolationFactor = 0.7f, OriginalContext = 4096, BetaFast = 16, BetaSlow = 2 },
            _ => parameters,
        };
    }
}
