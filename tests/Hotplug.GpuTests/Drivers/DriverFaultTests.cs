using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.GpuTests.Contract;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Xunit;

namespace Hotplug.GpuTests.Drivers;

/// <summary>Drivers that fail: at whatever call it happens, the failure is typed, nothing stays behind, and nothing hangs.</summary>
[Collection(DeviceCollections.Alone)]
public sealed class DriverFaultTests
{
    private static readonly Lazy<int[]> Calls = new(() =>
    {
        var device = new SimulatedDevice();
        var run = new SimulatedFixture(device).StartAsync().GetAwaiter().GetResult();
        DeviceLife.Live(run);
        run.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return [.. Enum.GetValues<DriverCall>().Select(device.Calls)];
    });

    // What other tests keep open has threads as well.
    public DriverFaultTests() => KeptDevice.CloseIdle();

    /// <summary>All calls that a plugin makes.</summary>
    public static TheoryData<string> AllCalls => [.. Enum.GetNames<DriverCall>()];

    /// <summary>Calls that a driver may refuse and go on, with what comes of it.</summary>
    public static TheoryData<string, FaultKind> Refusals => new()
    {
        { nameof(DriverCall.Allocate), FaultKind.OutOfDeviceMemory },
        { nameof(DriverCall.Load), FaultKind.Defect },
        { nameof(DriverCall.Launch), FaultKind.Defect },
        { nameof(DriverCall.Upload), FaultKind.OutOfDeviceMemory },
    };

    [Theory, MemberData(nameof(AllCalls))]
    public async Task Context_that_breaks_anywhere_is_a_typed_failure_and_leaves_nothing(string name)
    {
        var call = Enum.Parse<DriverCall>(name);
        foreach (var number in Samples(call))
        {
            var device = new SimulatedDevice();
            var run = await new SimulatedFixture(device).StartAsync();
            device.LoseAt(call, number);
            var failure = Record.Exception(() => DeviceLife.Live(run));
            if (failure is null) Assert.True(call is DriverCall.Free or DriverCall.Unlock or DriverCall.Close, $"The context broke at {call} {number}, and nothing was said.");
            else
            {
                Assert.IsType<DeviceLostException>(failure);
                // A device that was never opened is not lost.
                if (call != DriverCall.Open) Assert.Equal(default, run.Device().QueryMemory());
            }
            // Fails if anything throws, or if host memory is not back.
            await run.DisposeAsync();
            Assert.True(device.IsGone, $"{call} {number} did not happen.");
            device.ExpectNothing();
        }
        NamedThreads.ExpectNone();
    }

    [Theory, MemberData(nameof(Refusals))]
    public async Task Refusal_is_a_typed_failure_and_the_device_goes_on(string name, FaultKind kind)
    {
        var call = Enum.Parse<DriverCall>(name);
        foreach (var number in Samples(call))
        {
            var device = new SimulatedDevice();
            var run = await new SimulatedFixture(device).StartAsync();
            device.Fail(call, kind == FaultKind.OutOfDeviceMemory ? SimulatedDevice.Full : SimulatedDevice.BadKernel, number);
            Expect.Fault(kind, $"{call} {number}", () => DeviceLife.Live(run));
            DeviceLife.Live(run);
            await run.DisposeAsync();
            device.ExpectNothing();
        }
    }

    [Fact]
    public async Task Refused_allocation_holds_nothing_and_says_what_was_asked()
    {
        var device = new SimulatedDevice { Memory = new(1 << 30, 4096) };
        await using var run = await new SimulatedFixture(device, ("memory", "1 MiB")).StartAsync();
        foreach (var type in run.Device().BufferTypes.Where(type => !type.Traits.HostVisible))
            for (var i = 0; i < 20; i++)
            {
                device.Fail(DriverCall.Allocate, SimulatedDevice.Full);
                var failure = Assert.Throws<OutOfDeviceMemoryException>(() => run.Allocate(type, 1 << 19));
                Assert.Equal((nuint)(1 << 19), failure.Asked);
                Assert.Equal((nuint)4096, failure.Free);
                Assert.Contains(type.Name, failure.Message);
            }
        // Twenty halves of the budget were asked in vain; it is all still there.
        run.Allocate(run.Device().BufferTypes[0], 1 << 20);
        Assert.Equal(1, device.Live.Memories);
    }

    [Fact]
    public async Task Device_that_cannot_be_opened_says_so_and_can_be_asked_again()
    {
        var device = new SimulatedDevice();
        var run = await new SimulatedFixture(device).StartAsync();
        for (var i = 0; i < 3; i++)
        {
            device.Fail(DriverCall.Open, SimulatedDevice.Broken);
            Assert.Throws<DeviceLostException>(() => run.Allocate(run.Device().BufferTypes[0], 256));
            NamedThreads.ExpectNone();
        }
        DeviceLife.Live(run);
        await run.DisposeAsync();
        device.ExpectNothing();
    }

    [Fact]
    public async Task Work_in_the_queue_fails_at_once_when_the_device_is_lost()
    {
        var device = new SimulatedDevice();
        var run = await new SimulatedFixture(device).StartAsync();
        var graph = OperationCases.Make("RmsNorm", new Random(2), run.Device().Info);
        var runner = run.Own(new DeviceRunner(run, run.Device(), graph));
        runner.Run(graph.Steps[0]);
        using var reached = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        device.HoldAt(DriverCall.Launch, reached, go);
        var fences = Enumerable.Range(0, 6).Select(_ => runner.Slices[0].Start(graph.Steps[0])).ToList();
        Assert.True(reached.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.All(fences, fence => Assert.False(fence.IsComplete));
        var uploads = device.Calls(DriverCall.Upload);
        device.Lose();
        go.Set();
        foreach (var fence in fences)
        {
            Assert.True(fence.Wait(TimeSpan.FromSeconds(60)));
            Assert.IsType<DeviceLostException>(fence.Fault);
        }
        // What waited in the queue never came to the driver.
        Assert.Equal(uploads, device.Calls(DriverCall.Upload));
        await run.DisposeAsync();
        device.ExpectNothing();
    }

    [Fact]
    public async Task Memory_is_returned_with_every_buffer_and_staging_with_the_last()
    {
        var device = new SimulatedDevice(facts => facts with { LocksPages = true });
        var run = await new SimulatedFixture(device).StartAsync();
        var spec = new TensorSpec { Type = TensorType.F32, Shape = new(8, 4) };
        for (var i = 0; i < 3; i++)
        {
            var buffers = run.Device().BufferTypes.Select(type => run.Allocate(type, type.AllocationSize(spec))).ToList();
            foreach (var buffer in buffers) buffer.Buffer.Write(buffer.At(0, spec), 0, new byte[128]);
            // Three of four types are the device's to see; the fourth, and the staging memory, are locked.
            Assert.Equal((3, 2, 1), device.Live);
            foreach (var buffer in buffers) buffer.Dispose();
            Assert.Equal((0, 0, 1), device.Live);
            Assert.Equal(0, run.Host.OpenAllocations);
        }
        await run.DisposeAsync();
        device.ExpectNothing();
        NamedThreads.ExpectNone();
    }

    [Fact]
    public async Task Staging_memory_that_cannot_be_locked_is_used_all_the_same()
    {
        var device = new SimulatedDevice(facts => facts with { LocksPages = true }) { LocksPages = false };
        await using (var run = await new SimulatedFixture(device).StartAsync())
        {
            DeviceLife.Live(run);
            Assert.Contains(run.Host.Messages, message => message.Contains("page-locked"));
        }
        device.ExpectNothing();
    }

    [Theory, InlineData(null, null), InlineData(0L, null), InlineData(0L, 0L)]
    public async Task Device_that_does_not_report_its_memory_is_usable(long? total, long? free)
    {
        var device = new SimulatedDevice(facts => facts with { TotalMemory = total, MaxAllocation = total is null ? facts.MaxAllocation : 0 }) { Memory = new((ulong?)total, (ulong?)free) };
        await using var run = await new SimulatedFixture(device).StartAsync();
        Assert.Equal(default, run.Device().QueryMemory());
        DeviceLife.Live(run);
        Assert.Equal(default, run.Device().QueryMemory());
    }

    [Fact]
    public async Task Budget_bounds_what_an_unknown_device_reports()
    {
        var device = new SimulatedDevice { Memory = default };
        await using var run = await new SimulatedFixture(device, ("memory", "1 MiB")).StartAsync();
        var buffer = run.Allocate(run.Device().BufferTypes[0], 1 << 18);
        Assert.Equal(new DeviceMemory(1 << 20, (1 << 20) - (1 << 18)), run.Device().QueryMemory());
        buffer.Dispose();
        Assert.Equal(new DeviceMemory(1 << 20, 1 << 20), run.Device().QueryMemory());
    }

    // The first, the second, one in the middle and the last.
    private static IEnumerable<int> Samples(DriverCall call)
    {
        var count = Calls.Value[(int)call];
        Assert.True(count > 0, $"A life has no {call}.");
        return new[] { 1, 2, count / 2, count }.Where(number => number >= 1 && number <= count).Distinct();
    }
}
