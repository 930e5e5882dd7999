using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>Running again: the same bits where they are promised, nothing left over from the step before, order of writes, runs and reads, no garbage.</summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class RepeatSuite<TFixture> : BackendSuite<TFixture> where TFixture : BackendFixture, new()
{
    /// <summary>The same step again and again: bit-equal where the device says that it is deterministic, right everywhere (llama.cpp #18310).</summary>
    [Fact]
    public void Same_step_gives_the_same_again()
    {
        var (graph, type) = Model();
        using var runner = new DeviceRunner(Run, Device, graph);
        var first = runner.Run(graph.Steps[0]);
        for (var i = 1; i < 25; i++) ExpectSame($"Run {i + 1}", first, runner.Run(graph.Steps[0]), type);
    }

    /// <summary>Steps of different extents in turn with one executable: each gives what it gave the first time.</summary>
    [Fact]
    public void Other_steps_between_change_nothing()
    {
        var random = NewRandom();
        foreach (var kind in (string[])[nameof(MatMul), nameof(RmsNorm), nameof(Softmax), nameof(AttentionBatch), nameof(Gated), nameof(Pool), nameof(MatMulExperts)])
        {
            var graph = OperationCases.Make(kind, random, Device.Info);
            if (CaseCheck.Refusal(Device, graph, Device.BufferTypes[0]) is not null) continue;
            Scenario.Run($"{graph}", () =>
            {
                using var runner = new DeviceRunner(Run, Device, graph);
                var first = graph.Steps.Select(runner.Run).ToList();
                for (var i = 0; i < 30; i++)
                {
                    var step = random.Next(graph.Steps.Count);
                    ExpectSame($"Step {step} again, after {i} others", first[step], runner.Run(graph.Steps[step]), TensorType.F32);
                }
            });
        }
    }

    /// <summary>Two executables of one plan, run in turn on different weights, do not disturb each other.</summary>
    [Fact]
    public void Executables_of_one_kind_are_independent()
    {
        var random = NewRandom();
        var graphs = new[] { OperationCases.Make(nameof(MatMul), random, Device.Info), OperationCases.Make(nameof(MatMul), random, Device.Info), OperationCases.Make(nameof(MatMul), random, Device.Info) };
        if (graphs.Any(graph => CaseCheck.Refusal(Device, graph, Device.BufferTypes[0]) is not null)) Assert.Skip("The device does not multiply F32 matrices.");
        var runners = graphs.Select(graph => Run.Own(new DeviceRunner(Run, Device, graph))).ToArray();
        var first = runners.Select((runner, i) => runner.Run(graphs[i].Steps[0])).ToArray();
        for (var i = 0; i < 12; i++) ExpectSame($"Executable {i % 3}, round {i / 3}", first[i % 3], runners[i % 3].Run(graphs[i % 3].Steps[0]), TensorType.F32);
        runners[1].Dispose();
        ExpectSame("Executable 2 after another was disposed", first[2], runners[2].Run(graphs[2].Steps[0]), TensorType.F32);
        foreach (var runner in runners) runner.Dispose();
    }

    /// <summary>A read that does not wait for the fence gives the result of the run started before it (llama.cpp #8685).</summary>
    [Fact]
    public void Read_follows_the_run_before_it()
    {
        var random = NewRandom();
        var graph = Chain(random);
        using var runner = new DeviceRunner(Run, Device, graph);
        var slice = runner.Slices[0];
        var expected = new List<float[]>();
        foreach (var step in graph.Steps) expected.Add(runner.Run(step)[0]);
        for (var i = 0; i < 60; i++)
        {
            var step = graph.Steps[i % graph.Steps.Count];
            var values = Values(graph, step);
            slice.Write(step, values);
            var fence = slice.Start(step);
            slice.Read(step, values);
            ExpectSame($"Round {i}, read before the fence was asked", [expected[i % graph.Steps.Count]], [values[graph.Outputs[0]]], TensorType.F32);
            SliceRunner.Finish(fence);
        }
    }

    /// <summary>
    /// Calls take effect in the order in which they are made: inputs that are written again while a run is in flight are seen by the next run only
    /// (llama.cpp #8685, #9928).
    /// </summary>
    [Fact]
    public void Write_follows_the_run_before_it()
    {
        var random = NewRandom();
        var graph = Chain(random);
        using var runner = new DeviceRunner(Run, Device, graph);
        var slice = runner.Slices[0];
        var expected = graph.Steps.Select(step => runner.Run(step)[0]).ToList();
        var places = Enumerable.Range(0, 3).Select(_ => slice.NewOutputs()).ToList();
        for (var round = 0; round < 20; round++)
        {
            var fences = new List<Abstractions.Execution.Fence>();
            for (var i = 0; i < places.Count; i++)
            {
                var step = graph.Steps[(round + i) % graph.Steps.Count];
                slice.WriteInputs(Values(graph, step));
                fences.Add(slice.Start(step, outputs: places[i]));
            }
            foreach (var fence in fences) SliceRunner.Finish(fence);
            for (var i = 0; i < places.Count; i++)
            {
                var at = (round + i) % graph.Steps.Count;
                var values = new Dictionary<GraphValue, float[]>();
                slice.Read(graph.Steps[at], values, places[i]);
                ExpectSame($"Round {round}, run {i + 1} of {places.Count} in flight", [expected[at]], [values[graph.Outputs[0]]], TensorType.F32);
            }
        }
    }

    /// <summary>Buffers, plans and executables made and disposed while a run is in flight leave its result alone (llama.cpp #17957).</summary>
    [Fact]
    public void Allocating_and_compiling_meanwhile_change_nothing()
    {
        var random = NewRandom();
        var (graph, other) = (Chain(random), Chain(random));
        using var runner = new DeviceRunner(Run, Device, graph);
        var slice = runner.Slices[0];
        var expected = graph.Steps.Select(step => runner.Run(step)[0]).ToList();
        for (var round = 0; round < 20; round++)
        {
            var at = round % graph.Steps.Count;
            var values = Values(graph, graph.Steps[at]);
            slice.Write(graph.Steps[at], values);
            var fence = slice.Start(graph.Steps[at]);
            using (Run.Allocate(slice.Plan.BufferType, 1000 + (nuint)round))
            using (new DeviceRunner(Run, Device, other))
            {
            }
            SliceRunner.Finish(fence);
            slice.Read(graph.Steps[at], values);
            ExpectSame($"Round {round}", [expected[at]], [values[graph.Outputs[0]]], TensorType.F32);
        }
    }

    /// <summary>A device that says it is batch-invariant gives a row the same bits, whatever rows stand beside it.</summary>
    [Fact]
    public void Rows_do_not_depend_on_their_neighbours()
    {
        if (!Device.Info.IsBatchInvariant) Assert.Skip("The device does not say that it is batch-invariant.");
        var random = NewRandom();
        foreach (var type in ModelCases.WeightTypes)
        {
            var graph = ModelCases.Make(random, Device.Info, type);
            if (CaseCheck.Refusal(Device, graph, Device.BufferTypes[0]) is not null) continue;
            Scenario.Run($"{graph}", () =>
            {
                var step = graph.Steps[0];
                using var both = new DeviceRunner(Run, Device, graph);
                var together = both.Run(step)[0];
                var width = together.Length / step.OutputRows.Length;
                for (var s = 0; s < step.Sequences.Length; s++)
                {
                    var sequence = step.Sequences[s];
                    using var alone = new DeviceRunner(Run, Device, graph);
                    var own = alone.Run(step with
                    {
                        TokenIds = step.TokenIds[sequence.FirstRow..(sequence.FirstRow + sequence.RowCount)],
                        Positions = step.Positions[sequence.FirstRow..(sequence.FirstRow + sequence.RowCount)],
                        OutputRows = [sequence.RowCount - 1],
                        Sequences = [sequence with { FirstRow = 0, FirstPage = 0 }],
                        Pages = step.Pages[sequence.FirstPage..(sequence.FirstPage + sequence.PageCount)],
                    })[0];
                    ExpectBits($"Sequence {s} alone and with a neighbour", together.AsSpan(s * width, width), own);
                }
            });
        }
    }

    /// <summary>In steady state a run allocates no managed memory, on the calling thread or on workers.</summary>
    [Fact]
    public void Run_allocates_nothing()
    {
        if (Fixture.AllocatesPerRun) Assert.Skip("The fixture declares that runs allocate.");
        var (graph, _) = Model();
        using var runner = new DeviceRunner(Run, Device, graph);
        var slice = runner.Slices[0];
        foreach (var step in graph.Steps)
        {
            slice.Write(step, Values(graph, step));
            for (var i = 0; i < 5; i++) SliceRunner.Finish(slice.Start(step, runner.Cache));
            // What the runtime makes once, when it compiles a method again, falls into one round at most; what a run makes, into all.
            long own, workers;
            var rounds = 0;
            do
            {
                // A collection drops what the runtime remembers about types (their names, say): a run that asks for it makes it anew.
                GC.Collect();
                (own, workers) = (GC.GetAllocatedBytesForCurrentThread(), Run.Host.AllocatedByWorkers);
                for (var i = 0; i < 20; i++) SliceRunner.Finish(slice.Start(step, runner.Cache));
                own = GC.GetAllocatedBytesForCurrentThread() - own;
                workers = Run.Host.AllocatedByWorkers - workers;
            }
            while (own + workers != 0 && ++rounds < 4);
            Assert.True(own == 0, $"20 runs of a {step} allocated {own} bytes on the calling thread, in each of {rounds} rounds.");
            Assert.True(workers == 0, $"20 runs of a {step} allocated {workers} bytes on worker threads, in each of {rounds} rounds.");
        }
    }

    /// <summary>A cancelled step ends with OperationCanceledException or a fault of that kind, and can be run again.</summary>
    [Fact]
    public void Cancelled_step_may_be_run_again()
    {
        var (graph, type) = Model();
        using var runner = new DeviceRunner(Run, Device, graph);
        var step = graph.Steps[0];
        var expected = runner.Run(step);
        var values = Values(graph, step);
        runner.Slices[0].Write(step, values);
        var exception = Record.Exception(() => SliceRunner.Finish(runner.Slices[0].Start(step, runner.Cache, cancellation: new CancellationToken(canceled: true))));
        Assert.True(exception is null or OperationCanceledException or Abstractions.Faults.BackendException { Kind: Abstractions.Faults.FaultKind.Cancelled },
            $"A cancelled step threw {exception?.GetType().Name}: {exception?.Message}");
        ExpectSame("The step after a cancelled one", expected, runner.Run(step), type);
    }

    private (GraphCase Graph, TensorType Type) Model()
    {
        foreach (var type in ModelCases.WeightTypes)
        {
            var graph = ModelCases.Make(NewRandom(), Device.Info, type);
            if (CaseCheck.Refusal(Device, graph, Device.BufferTypes[0]) is null) return (graph, type);
        }
        Assert.Skip("The device runs no whole model.");
        return default;
    }

    private GraphCase Chain(Random random)
    {
        var build = new CaseBuilder("Chain of scaled sums", random, new StepBounds { Tokens = 16, OutputRows = 1, Sequences = 2 });
        SymbolicShape shape = new(256, Dimension.Tokens);
        var value = build.Input(shape);
        var start = value;
        for (var i = 0; i < 12; i++)
        {
            var next = build.Value(shape);
            build.Add(i % 2 == 0 ? new Scale(value, 1.1f, next) : new Add(value, start, next));
            value = next;
        }
        var graph = build.Build([16, 3, 16, 9], value);
        if (CaseCheck.Refusal(Device, graph, null) is { } reason) Assert.Skip(reason);
        return graph;
    }

    private static Dictionary<GraphValue, float[]> Values(GraphCase graph, CaseStep step)
        => graph.Inputs.Select((input, i) => (input, step.Inputs[i])).ToDictionary(pair => pair.input, pair => pair.Item2);

    private void ExpectSame(string what, float[][] expected, float[][] actual, TensorType type)
    {
        for (var i = 0; i < expected.Length; i++)
            if (Device.Info.IsDeterministic) ExpectBits($"{what}, output {i} of a deterministic device", expected[i], actual[i]);
            else Closeness.Expect($"{what}, output {i}", expected[i], actual[i], Closeness.ToItself(type));
    }

    private static void ExpectBits(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} elements instead of {expected.Length}.");
        for (var i = 0; i < expected.Length; i++)
            Assert.True(BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]), $"{what}: element {i} is {actual[i]:g9} instead of {expected[i]:g9}.");
    }
}
