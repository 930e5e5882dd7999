using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Testing.Data;
using Hotplug.Testing.Graphs;
using Xunit;

namespace Hotplug.GpuTests.Drivers;

/// <summary>Devices with a small largest allocation: weights, workspace and cache come in several buffers, and nothing else changes.</summary>
public sealed class ManyBuffersTests
{
    [Fact]
    public async Task Model_computes_the_same_in_many_buffers_as_in_few()
    {
        // Two sequences in a cache of pages of 8 KiB: three of them in a buffer, or each in one of its own.
        var (few, blocks) = await Run(1 << 30);
        var (many, manyBlocks) = await Run(8 << 10);
        Assert.Equal(1, blocks);
        Assert.True(manyBlocks > 1, "The workspace did not come in several blocks.");
        Assert.Equal(few, many);
    }

    // Sums are made in the order of the buffers, so attention agrees as closely as any two orders do; what is written to pages agrees to the last bit.
    [Theory, InlineData("Attention"), InlineData("KvAppend"), InlineData("KvShift")]
    public async Task Cache_in_many_buffers_is_the_same_as_in_few(string kind)
    {
        for (var seed = 0; seed < 3; seed++)
            foreach (var pages in (int[])[1, 2, 3])
            {
                var graph = await MakeCase(kind, seed);
                var bytes = await PageBytes(graph);
                var device = new SimulatedDevice(facts => facts with { MaxAllocation = pages * bytes });
                await using var run = await new SimulatedFixture(device).StartAsync();
                var pool = new DeviceKvCache(run, run.Device(), graph.Cache!, graph.PageCount).Pool;
                Assert.Equal((graph.PageCount + pages - 1) / pages, pool.Buffers.Count);
                if (CaseCheck.Refusal(run.Device(), graph, run.Device().BufferTypes[0]) is { } reason) Assert.Contains("largest allocation", reason);
                else CaseCheck.Run(run, run.Device(), graph);
            }
    }

    [Fact]
    public async Task Weights_are_planned_into_parts_that_the_device_allocates()
    {
        const long Largest = 64 << 20;
        var device = new SimulatedDevice(facts => facts with { MaxAllocation = Largest });
        await using var run = await new SimulatedFixture(device).StartAsync();
        var type = run.Device().BufferTypes[0];
        Assert.Equal((nuint)Largest, type.MaxLength);
        var spec = new TensorSpec { Type = TensorType.Q8_0, Shape = new(4096, 2048) };
        var requests = Enumerable.Range(0, 30).Select(i => new WeightRequest
        {
            Spec = spec with { Name = $"t{i}" }, FileOffset = 4096 + i * spec.ByteLength, BufferType = type, Device = "simulated", UseOrder = i,
        }).ToList();
        var plan = CompositionPlanner.Plan(requests, [4096 + 30 * spec.ByteLength], new MemoryPolicy(), new AddressSpace().QueryLimits()).Required();
        Assert.True(plan.Parts.Count > 4 && plan.Parts.All(part => part.Length <= (nuint)Largest), $"{plan.Parts.Count} parts of up to {plan.Parts.Max(part => part.Length)} bytes.");
        Assert.Equal(30 * spec.ByteLength, plan.TensorBytes);
        // One byte above it is refused before the driver is asked.
        Expect.Fault(FaultKind.TooLarge, "A buffer above the largest", () => run.Allocate(type, (nuint)Largest + 1));
        Assert.Equal(0, device.Calls(DriverCall.Allocate));
    }

    [Fact]
    public async Task Value_that_no_buffer_holds_is_refused_with_the_reason()
    {
        var device = new SimulatedDevice(facts => facts with { MaxAllocation = 4096 });
        await using var run = await new SimulatedFixture(device).StartAsync();
        var graph = ModelCases.Make(new Random(1), run.Device().Info, TensorType.Q8_0);
        var type = run.Device().BufferTypes[0];
        foreach (var operation in graph.Operations)
        {
            // A weight is refused by name, so that it can go elsewhere, and only if it does not fit.
            var large = operation.Reads.Where(value => value.IsWeight && type.AllocationSize(value.Resolve(graph.Bounds)) > 4096).ToList();
            var weights = run.Device().Supports(CaseCheck.Query(graph, operation, type));
            Assert.Equal(large.Count == 0, weights.IsSupported);
            if (large.Count != 0) Assert.True(weights.Reason.Contains(large[0].Name) && weights.Reason.Contains("4096"), weights.Reason);
        }
        Assert.Contains(graph.Operations, operation => !run.Device().Supports(CaseCheck.Query(graph, operation, type)).IsSupported);
        var wide = OperationCases.Make("RmsNorm", new Random(1), run.Device().Info);
        var bounds = wide.Bounds with { Tokens = 100_000 };
        var answer = run.Device().Supports(CaseCheck.Query(wide, wide.Operations[0], run.Device().BufferTypes[0]) with { Bounds = bounds });
        Assert.False(answer.IsSupported);
        Assert.Contains("4096", answer.Reason);
    }

    private static async Task<(int[] Bits, int Blocks)> Run(long largest)
    {
        var device = new SimulatedDevice(facts => facts with { MaxAllocation = largest });
        await using var run = await new SimulatedFixture(device).StartAsync();
        var graph = ModelCases.Make(new Random(5), run.Device().Info, TensorType.Q4_0, TensorType.F16, layers: 2);
        using var runner = new DeviceRunner(run, run.Device(), graph);
        var bits = graph.Steps.SelectMany(step => runner.Run(step)).SelectMany(output => output).Select(BitConverter.SingleToInt32Bits).ToArray();
        Assert.NotEmpty(bits);
        return (bits, runner.Slices[0].Plan.WorkspaceBlocks.Count);
    }

    private static async Task<GraphCase> MakeCase(string kind, int seed)
    {
        await using var run = await new SimulatedFixture(new SimulatedDevice()).StartAsync();
        return OperationCases.Make(kind, new Random(seed), run.Device().Info);
    }

    private static async Task<long> PageBytes(GraphCase graph)
    {
        await using var run = await new SimulatedFixture(new SimulatedDevice()).StartAsync();
        return (long)run.Device().PrepareKvCache(graph.Cache!).PageBytes;
    }
}
