using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Plugins;
using Hotplug.Abstractions.Tensors;
using Hotplug.Metal;
using Hotplug.Metal.Interop.Loading;
using Hotplug.MetalTests.Fakes;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Xunit;

namespace Hotplug.MetalTests.Backend;

/// <summary>In steady state steps and copies make no managed objects, on the device's thread either.</summary>
public sealed class AllocationTests
{
    private const int Steps = 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Steps_make_no_objects_on_the_thread_of_the_device(bool unified)
    {
        await using var run = await new QuietFixture(unified).StartAsync();
        var graph = ModelCases.Make(TestSeed.For(nameof(AllocationTests)), run.Device().Info, TensorType.Q8_0);
        using var runner = new DeviceRunner(run, run.Device(), graph);
        var slice = runner.Slices[0];
        foreach (var step in graph.Steps)
        {
            slice.Write(step, graph.Inputs.Select((input, i) => (input, Values: step.Inputs[i])).ToDictionary(p => p.input, p => p.Values));
            Expect($"{step}", () => SliceRunner.Finish(slice.Start(step, runner.Cache)));
        }
    }

    [Fact]
    public async Task Copies_to_and_from_private_memory_make_none()
    {
        await using var run = await new QuietFixture(unified: false).StartAsync();
        // Several halves of the staging memory, with edges that are no whole words.
        var spec = new TensorSpec { Type = TensorType.Q8_0, Shape = new(32, 100_001) };
        var type = run.Device().BufferTypes.Single(t => !t.Traits.HostVisible);
        using var buffer = run.Allocate(type, type.AllocationSize(spec));
        var (tensor, rows) = (buffer.At(0, spec), new byte[spec.ByteLength]);
        Expect("copies", () =>
        {
            buffer.Buffer.Write(tensor, 0, rows);
            buffer.Buffer.Read(tensor, 0, rows);
        });
    }

    // What the runtime makes once, when it compiles a method again, falls into one round at most; what a step makes, into all.
    private static void Expect(string what, Action act)
    {
        for (var i = 0; i < 5; i++) act();
        var (rounds, made) = (0, 0L);
        do
        {
            var (before, commits) = (QuietMetal.Allocated, QuietMetal.Commits);
            for (var i = 0; i < Steps; i++) act();
            Assert.True(QuietMetal.Commits - commits >= Steps, "Nothing was handed to the device.");
            made = QuietMetal.Allocated - before;
        }
        while (made != 0 && ++rounds < 4);
        Assert.True(made == 0, $"{Steps} × {what} allocated {made} bytes, in each of {rounds} rounds.");
    }

    private sealed class QuietFixture(bool unified) : BackendFixture
    {
        protected override IBackendPlugin CreatePlugin(out string? directory)
        {
            directory = null;
            return new MetalPlugin(() => new LoadResult(LoadOutcome.Loaded, "", QuietMetal.Open(unified)), TimeProvider.System);
        }
    }
}
