using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Xunit;

namespace Hotplug.CpuTests;

/// <summary>What the plugin and the device say of themselves.</summary>
public sealed class DeviceTests : CpuTest
{
    [Theory, InlineData("thread", "2", "threads, isa and activations"), InlineData("activations", "4", "8 (faster) or 16"), InlineData("threads", "0", "1 to 1024"), InlineData("threads", "two", "1 to 1024")]
    [InlineData("isa", "avx1024", "auto, avx512, avx2 or vector128"), InlineData("isa", "1", "auto, avx512, avx2 or vector128")]
    public async Task Bad_settings_are_refused_with_what_is_allowed(string key, string value, string expected)
    {
        var refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => new CpuFixture().StartAsync(null, new Dictionary<string, string> { [key] = value }));
        Assert.Contains(expected, refusal.Message);
        Assert.Contains(key, refusal.Message);
    }

    [Fact]
    public async Task Keys_compare_without_case()
    {
        await using var run = await new CpuFixture().StartAsync(null, new Dictionary<string, string> { ["THREADS"] = "1", ["Isa"] = "Vector128", ["Activations"] = "8" });
        Assert.Contains("128-bit vectors, 1 threads, activations of 8 bits", run.Backend.Info.Version);
        Assert.EndsWith(", activations of 8 bits", run.Device().Info.Name);
        Assert.DoesNotContain("activations", Best.Device().Info.Name);
    }

    [Fact]
    public void Facts_are_stated()
    {
        var device = Best.Device();
        Assert.True(device.Info.IsDeterministic && device.Info.IsBatchInvariant);
        Assert.Equal(DeviceKind.Cpu, device.Info.Kind);
        Assert.NotEmpty(device.Info.Name);
        var memory = device.QueryMemory();
        Assert.True(memory.Total is null or > 0);
        Assert.True(memory.Free is null || memory.Total is null || memory.Free <= memory.Total);
        var type = Assert.Single(device.BufferTypes);
        Assert.Equal(new BufferTraits { HostVisible = true, StandardLayout = true, Adopts = true, Residency = Residency.Pageable }, type.Traits);
    }

    [Fact]
    public void What_is_not_there_is_refused_with_the_reason()
    {
        var device = Best.Device();
        var x = new GraphValue("x", TensorType.F32, new(256, Dimension.Tokens));
        var y = new GraphValue("y", TensorType.F32, new(8, Dimension.Tokens));
        string Ask(Operation operation, IBufferType? weights)
        {
            var answer = device.Supports(new OperationQuery
            {
                Operation = operation, WeightBufferType = weights, Bounds = new StepBounds { Tokens = 4, OutputRows = 1, Sequences = 1 },
            });
            Assert.False(answer.IsSupported);
            return answer.Reason;
        }
        GraphValue Weight(TensorType type, long k) => new("w", type, new TensorShape(k, 8), isWeight: true);
        Assert.Contains("NVFP4", Ask(new MatMul(Weight(TensorType.NVFP4, 256), x, null, y), device.BufferTypes[0]));
        Assert.Contains("not stated", Ask(new MatMul(Weight(TensorType.Q4_0, 256), x, null, y), null));
        Assert.Contains("far", Ask(new MatMul(Weight(TensorType.Q4_0, 256), x, null, y), new FarType()));
        Assert.Contains("512", Ask(new MatMul(Weight(TensorType.Q4_0, 512), x, null, y), device.BufferTypes[0]));
        Assert.Contains("not stated", Ask(new Attention(new GraphValue("q", TensorType.F32, new(16, 2, Dimension.Tokens)), null, 0, new AttentionParameters { Scale = 1 }, y), null));
        Assert.Contains("repeated", Ask(new Add(x, new GraphValue("z", TensorType.F32, new(256, 3)), x), null));
    }

    private sealed class FarType : IBufferType
    {
        public string Name => "far";
        public nuint BaseAlignment => 1;
        public nuint TensorAlignment => 1;
        public nuint MaxLength => 1;
        public BufferTraits Traits => default;
        public nuint AllocationSize(in TensorSpec tensor) => 1;
        public IBuffer Allocate(in BufferRequest request) => throw new NotSupportedException();
    }
}
