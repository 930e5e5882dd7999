using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Hotplug.Testing.Hosting;
using Hotplug.Testing.Memory;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>Ends: in any legal order, twice, during work, without use; nothing stays behind. Every test of the kit checks the host's books at its end; these look for trouble.</summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class DisposalSuite<TFixture> : BackendSuite<TFixture> where TFixture : BackendFixture, new()
{
    /// <summary>A backend that was made and not used gives back everything (llama.cpp #25937), again and again (llama.cpp #15752).</summary>
    [Fact]
    public async Task Backend_without_use_leaves_nothing()
    {
        for (var i = 0; i < 30; i++)
        {
            var run = await Fixture.StartAsync();
            await run.DisposeAsync();
            Assert.Equal(0, run.Host.OpenAllocations);
            Assert.Equal(0, run.Host.OpenWorkerGroups);
        }
    }

    /// <summary>Backend and plugin may be disposed twice.</summary>
    [Fact]
    public async Task Backend_is_disposed_twice()
    {
        var run = await Fixture.StartAsync();
        await run.Backend.DisposeAsync();
        await run.Backend.DisposeAsync();
        await run.Plugin.DisposeAsync();
        await run.Plugin.DisposeAsync();
        await run.DisposeAsync();
    }

    /// <summary>Buffers and executables go in random legal order: executables before what they stand on, everything before the backend.</summary>
    [Fact]
    public async Task Any_legal_order_leaves_nothing()
    {
        var random = NewRandom();
        var rounds = CasesOf(15);
        for (var round = 0; round < rounds; round++)
        {
            var run = await Fixture.StartAsync();
            var device = run.Device(DeviceId);
            var items = new List<IDisposable>();
            foreach (var type in device.BufferTypes)
                for (var i = 0; i < 3; i++) items.Add(run.Allocate(type, nuint.Min(type.MaxLength, (nuint)random.Next(0, 5000))));
            for (var i = 0; i < 3; i++)
            {
                var graph = OperationCases.Make(random.Next(2) == 0 ? nameof(MatMul) : nameof(RmsNorm), random, device.Info);
                if (CaseCheck.Refusal(device, graph, device.BufferTypes[0]) is not null) continue;
                var runner = new DeviceRunner(run, device, graph);
                if (random.Next(2) == 0) runner.Run(graph.Steps[0]);
                items.Add(runner);
            }
            foreach (var item in items.OrderBy(_ => random.Next()))
            {
                // Twice now and then: the kit's own objects dispose theirs once.
                if (random.Next(2) == 0 && item is TestBuffer buffer) buffer.Buffer.Dispose();
                if (random.Next(2) == 0 && item is DeviceRunner used) used.Slices[0].Executable.Dispose();
                item.Dispose();
            }
            await run.DisposeAsync();
        }
    }

    /// <summary>An executable is disposed twice, and refuses to run afterwards.</summary>
    [Fact]
    public void Executable_is_disposed_twice()
    {
        var graph = Multiply();
        using var runner = new DeviceRunner(Run, Device, graph);
        runner.Run(graph.Steps[0]);
        var slice = runner.Slices[0];
        slice.Executable.Dispose();
        slice.Executable.Dispose();
        Expect.Throws<ObjectDisposedException>("Run on a disposed executable", () => slice.Start(graph.Steps[0]).Wait(SliceRunner.Patience));
    }

    /// <summary>Disposing right behind a run waits for it: what the run works on may go at once (whisper.cpp #2373).</summary>
    [Fact]
    public void Disposal_waits_for_work()
    {
        var graph = Multiply();
        for (var i = 0; i < 40; i++)
        {
            var runner = new DeviceRunner(Run, Device, graph);
            var slice = runner.Slices[0];
            slice.Write(graph.Steps[0], graph.Inputs.Select((input, n) => (input, graph.Steps[0].Inputs[n])).ToDictionary(pair => pair.input, pair => pair.Item2));
            var fence = slice.Start(graph.Steps[0]);
            slice.Executable.Dispose();
            Assert.True(fence.IsComplete, "The executable is disposed, and its work goes on.");
            runner.Dispose();
        }
    }

    /// <summary>Creation that was cancelled holds nothing.</summary>
    [Fact]
    public async Task Cancelled_creation_holds_nothing()
    {
        using var host = new TestPluginHost(threadBudget: Fixture.ThreadBudget);
        var plugin = Run.Fixture.NewPlugin();
        try
        {
            var backend = await plugin.CreateAsync(host, Fixture.Settings, new CancellationToken(canceled: true));
            await backend.DisposeAsync();
        }
        catch (OperationCanceledException)
        {
        }
        await plugin.DisposeAsync();
        Assert.Equal("", host.DescribeLeftovers());
    }

    /// <summary>An unknown setting is an argument error that names it, and nothing is held.</summary>
    [Fact]
    public async Task Unknown_setting_is_refused()
    {
        const string Name = "no-such-setting-of-any-backend";
        using var host = new TestPluginHost(threadBudget: Fixture.ThreadBudget);
        var plugin = Run.Fixture.NewPlugin();
        var settings = new Dictionary<string, string>(Fixture.Settings) { [Name] = "1" };
        var exception = await Record.ExceptionAsync(async () => await (await plugin.CreateAsync(host, settings, CancellationToken.None)).DisposeAsync());
        Assert.True(exception is ArgumentException, $"The unknown setting {Name} must be an ArgumentException, {exception?.GetType().Name ?? "and was accepted"}.");
        Assert.Contains(Name, exception!.Message);
        await plugin.DisposeAsync();
        Assert.Equal("", host.DescribeLeftovers());
    }

    /// <summary>Probing is cheap and keeps nothing, however often it is asked.</summary>
    [Fact]
    public async Task Probe_keeps_nothing()
    {
        using var host = new TestPluginHost(threadBudget: Fixture.ThreadBudget);
        var plugin = Run.Fixture.NewPlugin();
        var first = plugin.Probe(host);
        for (var i = 0; i < 50; i++) Assert.Equal(first.Score, plugin.Probe(host).Score);
        Assert.NotEmpty(first.Reasons);
        Assert.Equal("", host.DescribeLeftovers());
        await plugin.DisposeAsync();
        Assert.Equal("", host.DescribeLeftovers());
    }

    private GraphCase Multiply()
    {
        var random = NewRandom();
        while (true)
        {
            var graph = OperationCases.Make(nameof(MatMul), random, Device.Info);
            if (CaseCheck.Refusal(Device, graph, Device.BufferTypes[0]) is { } reason) Assert.Skip(reason);
            if (graph.Steps[0].TokenIds.Length > 2) return graph;
        }
    }
}
