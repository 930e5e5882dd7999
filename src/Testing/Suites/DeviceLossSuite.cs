using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>
/// A device that goes away: every call fails with DeviceLost, in bounded time, and everything can still be disposed (llama.cpp #13248, #24810).
/// For backends whose fixture can lose a device; skipped by others.
/// </summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class DeviceLossSuite<TFixture> : BackendSuite<TFixture> where TFixture : BackendFixture, new()
{
    /// <summary>Buffers of a lost device fail typed and go quietly.</summary>
    [Fact]
    public void Buffers_fail_typed()
    {
        RequireLoss();
        foreach (var type in Device.BufferTypes)
        {
            var spec = new TensorSpec { Type = TensorType.F32, Shape = new(8, 4) };
            Run.Allocate(type, type.AllocationSize(spec) * 2);
        }
        var buffers = Device.BufferTypes.Select(type => Run.Allocate(type, type.AllocationSize(new TensorSpec { Type = TensorType.F32, Shape = new(8, 4) }))).ToList();
        Fixture.LoseDevice(Run);
        foreach (var buffer in buffers)
        {
            // Host memory outlives the device.
            if (buffer.Buffer.Type.Traits.HostVisible) continue;
            var tensor = buffer.At(0, new TensorSpec { Type = TensorType.F32, Shape = new(8, 4) });
            Expect.Fault(FaultKind.DeviceLost, "Write on a lost device", () => Bounded(() => buffer.Buffer.Write(tensor, 0, new byte[32])));
            Expect.Fault(FaultKind.DeviceLost, "Read on a lost device", () => Bounded(() => buffer.Buffer.Read(tensor, 0, new byte[32])));
            Expect.Fault(FaultKind.DeviceLost, "Clear on a lost device", () => Bounded(() => buffer.Buffer.Clear(0, 32)));
            Expect.Fault(FaultKind.DeviceLost, "Allocate on a lost device", () => Bounded(() => Run.Allocate(buffer.Buffer.Type, 128)));
            Assert.Equal(buffer.Request.Range, buffer.Buffer.Range);
        }
        foreach (var buffer in buffers) Bounded(buffer.Dispose);
    }

    /// <summary>Runs, compilations and cache pages of a lost device fail typed.</summary>
    [Fact]
    public void Work_fails_typed()
    {
        RequireLoss();
        var graph = ModelCases.Make(NewRandom(), Device.Info, TensorType.F32);
        if (CaseCheck.Refusal(Device, graph, Device.BufferTypes[0]) is { } reason) Assert.Skip(reason);
        var runner = Run.Own(new DeviceRunner(Run, Device, graph));
        runner.Run(graph.Steps[0]);
        var cache = runner.Cache!;
        var slice = runner.Slices[0];
        Fixture.LoseDevice(Run);
        for (var i = 0; i < 3; i++)
            Expect.Fault(FaultKind.DeviceLost, $"Run {i + 1} on a lost device", () => Bounded(() => SliceRunner.Finish(slice.Start(graph.Steps[1], cache))));
        Expect.Fault(FaultKind.DeviceLost, "Compile on a lost device", () => Bounded(() => Device.Compile(slice.Plan, new(Places(graph, slice))).Dispose()));
        if (!cache.Layout.BufferType.Traits.HostVisible)
        {
            Expect.Fault(FaultKind.DeviceLost, "Reading a page of a lost device", () => Bounded(() => cache.Read(0, 0, KvPart.Keys, 0, 1)));
            Expect.Fault(FaultKind.DeviceLost, "Copying a page of a lost device", () => Bounded(() => cache.Layout.Copy(cache.Pool.Locate(0), cache.Pool.Locate(1))));
        }
        Bounded(runner.Dispose);
    }

    /// <summary>Facts of a lost device are what they were, and its memory is unknown.</summary>
    [Fact]
    public void Facts_stay_and_memory_is_unknown()
    {
        RequireLoss();
        var graph = OperationCases.Make(nameof(MatMul), NewRandom(), Device.Info);
        var query = CaseCheck.Query(graph, graph.Operations[0], Device.BufferTypes[0]);
        var (info, support) = (Device.Info, Device.Supports(query).IsSupported);
        Fixture.LoseDevice(Run);
        Assert.Equal(info, Device.Info);
        Assert.Equal(support, Device.Supports(query).IsSupported);
        Assert.Equal(default, Device.QueryMemory());
    }

    private static Dictionary<GraphValue, TensorRef> Places(GraphCase graph, SliceRunner slice)
        => slice.Slice.Weights.ToDictionary(weight => weight, weight => new TensorRef(slice.Outputs[0].Buffer, 0, weight.Resolve(graph.Bounds)));

    private static void Bounded(Action call)
    {
        // On a thread of its own, so that a hang is a failure and not the end of the test run.
        var task = Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!((IAsyncResult)task).AsyncWaitHandle.WaitOne(SliceRunner.Patience)) throw new TimeoutException($"The call did not return in {SliceRunner.Patience.TotalSeconds} seconds.");
        task.GetAwaiter().GetResult();
    }

    private void RequireLoss()
    {
        if (!Fixture.CanLoseDevice) Assert.Skip("The fixture cannot make the device go away.");
    }
}
