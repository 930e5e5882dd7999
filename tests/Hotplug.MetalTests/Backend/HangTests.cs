using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Metal;
using Hotplug.Metal.Drivers;
using Hotplug.Metal.Fake;
using Hotplug.Metal.Interop.Loading;
using Hotplug.MetalTests.Contract;
using Hotplug.MetalTests.Fakes;
using Hotplug.MslExecutor;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Hotplug.Testing.Hosting;
using Hotplug.Testing.Memory;
using Xunit;

namespace Hotplug.MetalTests.Backend;

/// <summary>A command buffer that never ends: it is given up with the device, memory that it may still touch stays, and nothing waits for ever. No time passes in these tests.</summary>
public sealed class HangTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_step_that_hangs_loses_the_device_after_a_time_and_what_follows_fails_at_once(bool unified)
    {
        var time = new ManualTime();
        await using var run = await ResidencyTests.Start(Fixture(unified, time));
        var fake = MetalFixture.Fake(run);
        fake.Faults.Waited = time.Advance;
        var graph = OperationCases.Make(nameof(MatMul), TestSeed.For(nameof(HangTests)), run.Device().Info, TensorType.F32);
        using var runner = new DeviceRunner(run, run.Device(), graph);
        runner.Run(graph.Steps[0]);
        Assert.Equal(0, time.GetTimestamp());

        fake.Faults.Hang();
        var lost = Assert.Throws<DeviceLostException>(() => SliceRunner.Finish(runner.Slices[0].Start(graph.Steps[0])));
        Assert.Contains("has not ended what it was given", lost.Message);
        Assert.InRange(time.GetElapsedTime(0), CompletionWatch.Patience, CompletionWatch.Patience + 2 * CompletionWatch.Glance);

        var then = time.GetTimestamp();
        Assert.Throws<DeviceLostException>(() => SliceRunner.Finish(runner.Slices[0].Start(graph.Steps[0])));
        foreach (var type in run.Device().BufferTypes)
            Assert.Equal(FaultKind.DeviceLost, Assert.ThrowsAny<BackendException>(() => run.Allocate(type, 4096)).Kind);
        Assert.Equal(default, run.Device().QueryMemory());
        Assert.Equal(then, time.GetTimestamp());
        // It ends at last: everything can be given back, and the double finds no rule broken.
        fake.Resume();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Memory_of_the_host_that_may_still_be_touched_is_kept_until_the_work_has_ended(bool unified)
    {
        var time = new ManualTime();
        await using var run = await ResidencyTests.Start(Fixture(unified, time));
        var fake = MetalFixture.Fake(run);
        fake.Faults.Waited = time.Advance;
        var buffers = run.Device().BufferTypes.SelectMany(type => new[] { run.Allocate(type, 4096), run.Allocate(type, 4096) }).ToList();
        var memory = run.Allocate(run.Device().BufferTypes.Single(t => !t.Traits.HostVisible), 4096);

        fake.Faults.Hang();
        Assert.Throws<DeviceLostException>(() => memory.Buffer.Clear(0, 4096));
        foreach (var buffer in buffers.Where((_, i) => i % 2 == 0))
        {
            var fault = Record.Exception(buffer.Buffer.Dispose);
            if (buffer.Buffer.Type.Traits.HostVisible) Assert.Equal(FaultKind.TimedOut, Assert.IsAssignableFrom<BackendException>(fault).Kind);
            else Assert.Null(fault);
            buffer.Buffer.Dispose();
        }
        fake.Resume();
        foreach (var buffer in buffers) buffer.Buffer.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_backend_whose_device_hangs_can_be_disposed(bool unified)
    {
        if (Toolchain.Current.Unavailable is { } reason) Assert.Skip(reason);
        var time = new ManualTime();
        using var fake = new FakeMetal(Fixture(unified, time).Mac with { Compiler = new MslCompiler(new()) });
        fake.Faults.Waited = time.Advance;
        using var host = new TestPluginHost(threadBudget: 1);
        await using var plugin = new MetalPlugin(() => new LoadResult(LoadOutcome.Loaded, "", fake.Open()), time);
        await using (var backend = await plugin.CreateAsync(host, new Dictionary<string, string>(), CancellationToken.None))
        {
            using var memory = new CaseMemory();
            var type = backend.Devices[0].BufferTypes.Single(t => !t.Traits.HostVisible);
            var buffer = memory.Allocate(type, 4096).Buffer;
            var spec = new TensorSpec { Type = TensorType.F32, Shape = new(1024) };
            // The copy is under way when the call returns, and nobody waits for it before the buffer goes.
            fake.Faults.Hang();
            buffer.Write(new(buffer, 0, spec), 0, new byte[4096]);
            Assert.Equal(0, time.GetTimestamp());
            buffer.Dispose();
            Assert.InRange(time.GetElapsedTime(0), CompletionWatch.Patience, CompletionWatch.Patience + 2 * CompletionWatch.Glance);
        }
        Assert.Equal("", host.DescribeLeftovers());
        Assert.InRange(time.GetElapsedTime(0), CompletionWatch.Patience, CompletionWatch.Patience + 2 * CompletionWatch.Glance);
        Assert.Equal(0, time.Timers);
        Assert.All(fake.Leaks, leak => Assert.Contains("has not ended", leak.Text));
        fake.VerifyRules();
    }

    private static MetalFixture Fixture(bool unified, ManualTime time)
    {
        // Metal holds what unfinished work uses; that it is given back meanwhile is no mistake here.
        return unified ? new UnifiedFixture { Mac = new UnifiedFixture().Mac with { StrictLifetimes = false }, Time = time } : new DiscreteFixture { Mac = new DiscreteFixture().Mac with { StrictLifetimes = false }, Time = time };
    }
}
