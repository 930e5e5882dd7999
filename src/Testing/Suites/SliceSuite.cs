using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>Graphs of many operations: as one slice, cut at every node, cut into single operations; several sequences, chosen rows, the bounds and below them.</summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class SliceSuite<TFixture> : BackendSuite<TFixture> where TFixture : BackendFixture, new()
{
    /// <summary>A model as one slice gives what the reference gives.</summary>
    [Fact]
    public void One_slice_matches_the_reference()
    {
        foreach (var (graph, type) in Models(NewRandom()))
            Scenario.Run($"{graph} as one slice", () => Compare(graph, type, []));
    }

    /// <summary>Cut before any one of its operations, it gives the same.</summary>
    [Fact]
    public void Cut_at_every_node_gives_the_same()
    {
        var random = NewRandom();
        foreach (var (graph, type) in Models(random).Take(1))
            for (var cut = 1; cut < graph.Operations.Count; cut++)
                Scenario.Run($"{graph} cut before operation {cut}, {graph.Operations[cut].GetType().Name}", () => Compare(graph, type, [cut]));
    }

    /// <summary>Cut at random places, and at all of them, it gives the same.</summary>
    [Fact]
    public void Cut_at_many_nodes_gives_the_same()
    {
        var random = NewRandom();
        foreach (var (graph, type) in Models(random))
        {
            var all = Enumerable.Range(1, graph.Operations.Count - 1).ToArray();
            Scenario.Run($"{graph} as single operations", () => Compare(graph, type, all));
            int[] some = [.. all.Where(_ => random.Next(4) == 0)];
            Scenario.Run($"{graph} cut before {string.Join(", ", some)}", () => Compare(graph, type, some));
        }
    }

    /// <summary>A slice with hundreds of inputs from elsewhere (llama.cpp #6136).</summary>
    [Fact]
    public void Hundreds_of_inputs_are_taken()
    {
        var random = NewRandom();
        var build = new CaseBuilder("Sum of 300 inputs", random, new StepBounds { Tokens = 3, OutputRows = 1, Sequences = 2 });
        SymbolicShape shape = new(8, Dimension.Tokens);
        var sum = build.Input(shape);
        for (var i = 1; i < 300; i++)
        {
            var (next, input) = (build.Value(shape), build.Input(shape));
            build.Add(new Add(sum, input, next));
            sum = next;
        }
        var graph = build.Build([3, 1], sum);
        if (CaseCheck.Refusal(Device, graph, null) is { } reason) Assert.Skip(reason);
        Compare(graph, TensorType.F32, []);
    }

    /// <summary>An output of a slice that the slice reads itself, and a value that is output and nothing else reads, have the right content.</summary>
    [Fact]
    public void Outputs_may_be_read_inside()
    {
        var random = NewRandom();
        var build = new CaseBuilder("Chain whose every value is an output", random, new StepBounds { Tokens = 5, OutputRows = 1, Sequences = 2 });
        SymbolicShape shape = new(40, Dimension.Tokens);
        var value = build.Input(shape);
        var outputs = new List<GraphValue>();
        for (var i = 0; i < 6; i++)
        {
            outputs.Add(build.Value(shape));
            build.Add(i % 2 == 0 ? new Scale(value, 1.5f, outputs[^1]) : new Add(value, outputs[0], outputs[^1]));
            value = outputs[^1];
        }
        var graph = build.Build([5, 2, 5], outputs);
        if (CaseCheck.Refusal(Device, graph, null) is { } reason) Assert.Skip(reason);
        Compare(graph, TensorType.F32, []);
    }

    private IEnumerable<(GraphCase Graph, TensorType Type)> Models(Random random)
    {
        var any = false;
        foreach (var type in ModelCases.WeightTypes)
        {
            var graph = ModelCases.Make(random, Device.Info, type, random.Next(2) == 0 ? TensorType.F16 : TensorType.F32);
            if (CaseCheck.Refusal(Device, graph, Device.BufferTypes[0]) is not null) continue;
            any = true;
            yield return (graph, type);
        }
        if (!any) Assert.Skip("The device runs no whole model.");
    }

    private void Compare(GraphCase graph, TensorType type, IReadOnlyList<int> cuts)
    {
        var reference = new ReferenceRunner(graph);
        using var whole = new DeviceRunner(Run, Device, graph);
        using var cut = cuts.Count == 0 ? null : new DeviceRunner(Run, Device, graph, cuts: cuts);
        // A key next to the middle of two numbers of a narrow cache goes either way, by the last bit of what came before.
        var narrow = graph.Cache?.Layers.Any(layer => layer.KeyType != TensorType.F32 || layer.ValueType != TensorType.F32) == true ? 5e-3 : 0;
        for (var i = 0; i < graph.Steps.Count; i++)
        {
            var step = graph.Steps[i];
            var (expected, actual, pieces) = (reference.Run(step), whole.Run(step), cut?.Run(step));
            for (var o = 0; o < expected.Length; o++)
            {
                var what = $"Step {i} ({step}), output {graph.Outputs[o]}";
                Closeness.Expect($"{what}, to the reference", expected[o].Elements, actual[o], Math.Max(narrow, Closeness.ToReference(type)));
                if (pieces is not null) Closeness.Expect($"{what}, in pieces to whole", actual[o], pieces[o], Math.Max(narrow, Closeness.ToItself(type)));
            }
        }
    }
}
