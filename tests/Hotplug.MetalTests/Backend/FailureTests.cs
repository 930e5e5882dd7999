using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Metal.Fake;
using Hotplug.MetalTests.Contract;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Xunit;

namespace Hotplug.MetalTests.Backend;

/// <summary>Metal that fails at every call that can fail, while a backend lives: the failure is typed, and when everything has been disposed nothing is held.</summary>
public sealed class FailureTests
{
    public static TheoryData<string> Makers => new("newCommandQueue", "newBufferWithLength:options:", "newBufferWithBytesNoCopy:length:options:deallocator:", "newLibraryWithSource:options:error:",
        "newFunctionWithName:", "newComputePipelineStateWithFunction:error:", "newResidencySetWithDescriptor:error:", "newSharedEvent", "commandBuffer", "computeCommandEncoderWithDispatchType:", "blitCommandEncoder");

    [Theory, MemberData(nameof(Makers))]
    public async Task What_cannot_be_made_is_a_typed_failure_that_leaves_nothing(string selector)
    {
        foreach (var fixture in (MetalFixture[])[new UnifiedFixture(), new DiscreteFixture()])
        {
            var life = await Live(fixture, _ => { });
            Assert.Null(life.Fault);
            var calls = life.Sent.GetValueOrDefault(selector);
            for (var skip = 0; skip < calls; skip += Math.Max(1, calls / 12))
            {
                var fault = (await Live(fixture, fake => fake.Faults.Nil(selector, skip))).Fault;
                Assert.True(fault is BackendException, $"{selector} failed at call {skip + 1} of {calls}: {fault?.ToString() ?? "nobody noticed"}");
            }
        }
    }

    [Theory]
    [InlineData(8, FaultKind.OutOfDeviceMemory)]
    [InlineData(2, FaultKind.TimedOut)]
    [InlineData(3, FaultKind.Defect)]
    [InlineData(11, FaultKind.DeviceLost)]
    [InlineData(1, FaultKind.DeviceLost)]
    public async Task A_command_buffer_that_fails_is_a_failure_of_its_kind(long code, FaultKind kind)
    {
        foreach (var fixture in (MetalFixture[])[new UnifiedFixture(), new DiscreteFixture()])
            for (var skip = 0; skip < 6; skip += 2)
            {
                var fault = (await Live(fixture, fake => fake.Faults.CommandBuffer(code, skip))).Fault;
                Assert.Equal(kind, Assert.IsAssignableFrom<BackendException>(fault).Kind);
            }
    }

    // A whole life; what it throws, and what was sent.
    private static async Task<(Exception? Fault, IReadOnlyDictionary<string, int> Sent)> Live(MetalFixture fixture, Action<FakeMetal> sabotage)
    {
        var run = await ResidencyTests.Start(fixture);
        var fake = MetalFixture.Fake(run);
        var before = new Dictionary<string, int>(fake.Sent);
        sabotage(fake);
        var fault = Record.Exception(() => Work(run));
        var sent = fake.Sent.ToDictionary(p => p.Key, p => p.Value - before.GetValueOrDefault(p.Key));
        // Checks host and double.
        await run.DisposeAsync();
        return (fault, sent);
    }

    private static void Work(BackendRun run)
    {
        var device = run.Device();
        var random = TestSeed.For(nameof(FailureTests));
        foreach (var type in device.BufferTypes)
        {
            var spec = new TensorSpec { Type = TensorType.Q8_0, Shape = new(64, 8) };
            using var buffer = run.Allocate(type, type.AllocationSize(spec));
            buffer.Buffer.Write(buffer.At(0, spec), 0, new byte[spec.ByteLength]);
            buffer.Buffer.Read(buffer.At(0, spec), 1, new byte[spec.RowBytes]);
            buffer.Buffer.Clear(1, 6);
        }
        foreach (var kind in (string[])[nameof(MatMul), nameof(Attention)])
        {
            var graph = OperationCases.Make(kind, random, device.Info, TensorType.Q8_0);
            Assert.Null(CaseCheck.Refusal(device, graph, device.BufferTypes[0]));
            CaseCheck.Run(run, device, graph);
        }
    }
}
