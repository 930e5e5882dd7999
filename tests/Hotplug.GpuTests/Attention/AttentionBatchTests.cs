using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Kernels.Attention;
using Hotplug.GpuTests.Kernels;
using Hotplug.Reference.Execution;
using ILGPU;
using Xunit;

namespace Hotplug.GpuTests.Attention;

[Collection(DeviceCollections.OpenCl)]
public sealed class AttentionBatchTests(KernelBeds beds) : IClassFixture<KernelBeds>
{
    [Theory]
    [MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void Random_steps_are_within_the_bounds_of_the_reference(string kind)
    {
        var random = new Random(21);
        var small = kind == "emulator";
        for (var i = 0; i < (small ? 8 : 30); i++)
        {
            var (heads, group, keyWidth, valueWidth) = (random.Next(1, 4), random.Next(1, 6), random.Next(1, small ? 9 : 129), random.Next(1, small ? 9 : 129));
            var sequences = new SequenceStep[random.Next(1, 4)];
            var positions = new List<int>();
            for (var s = 0; s < sequences.Length; s++)
            {
                sequences[s] = new SequenceStep { FirstRow = positions.Count, RowCount = random.Next(1, small ? 6 : 160) };
                positions.AddRange(Enumerable.Range(random.Next(100), sequences[s].RowCount));
            }
            var parameters = new AttentionParameters { Scale = 0.2f, Causal = random.Next(2) == 0, Window = random.Next(2) * random.Next(1, 40), SoftCap = random.Next(3) == 0 ? 5 : 0 };
            var (q, k, v, y) = (OneOperation.Value("q", new(keyWidth, heads * group, Dimension.Tokens)), OneOperation.Value("k", new(keyWidth, heads, Dimension.Tokens)),
                OneOperation.Value("v", new(valueWidth, heads, Dimension.Tokens)), OneOperation.Value("y", new((long)valueWidth * heads * group, Dimension.Tokens)));
            float[] query = Numbers(positions.Count * heads * group * keyWidth), key = Numbers(positions.Count * heads * keyWidth), value = Numbers(positions.Count * heads * valueWidth);
            var reference = new OneOperation(new AttentionBatch(q, k, v, parameters, y), new StepBounds { Tokens = positions.Count, OutputRows = 1, Sequences = sequences.Length });
            reference.Run(new ReferenceStep { TokenIds = positions.ToArray(), Positions = positions.ToArray(), Sequences = sequences }, null, query, key, value);

            using var arrays = new DeviceArrays(beds[kind]);
            var table = new int[sequences.Length * StepTables.SequenceWords];
            StepTables.FillSequences(sequences, table);
            var rows = new int[positions.Count];
            StepTables.FillRows(sequences, rows);
            var entries = arrays.Upload(table);
            var output = arrays.Room<float>(positions.Count * heads * group * valueWidth);
            arrays.Run(AttentionBatchKernel.Run, random.Next(1, 9), new AttentionBatchKernel.Arguments
            {
                Query = arrays.Upload(query),
                Output = output,
                Keys = arrays.Upload(Bits(key)),
                Values = arrays.Upload(Bits(value)),
                Step = new StepView { Sequences = entries, RowSequences = arrays.Upload(rows), Positions = arrays.Upload(positions.ToArray()), Pages = entries },
                Rows = positions.Count,
                Heads = heads,
                QueryHeadsPerHead = group,
                KeyWidth = keyWidth,
                ValueWidth = valueWidth,
                Scale = parameters.Scale,
                SoftCap = parameters.SoftCap,
                Causal = parameters.Causal ? 1 : 0,
                Window = parameters.Window,
            });
            reference.Expect(y, DeviceArrays.Read(output, positions.Count * heads * group * valueWidth), $"{heads}·{group} heads {keyWidth}/{valueWidth}, {string.Join(' ', sequences)}, {parameters}");
        }

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }

    private static int[] Bits(float[] numbers) => [.. numbers.Select(BitConverter.SingleToInt32Bits)];
}
