using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Testing.Graphs;
using Xunit;

namespace Hotplug.GpuTests.Accelerators;

public sealed class ProgramPlannerTests
{
    private static readonly StepBounds Bounds = new() { Tokens = 4, OutputRows = 2, Sequences = 1, Context = 64 };

    private static readonly DeviceInfo Device = new() { Id = "test", Name = "test", Kind = DeviceKind.Emulation, KvPageTokens = 32, KvTypes = [TensorType.F32] };

    [Fact]
    public void Norm_before_a_quantised_product_quantises_once_for_all_its_readers()
    {
        var (x, normed, a, b) = (Value("x", 64), Value("n", 64), Value("a", 32), Value("b", 32));
        var norm = new RmsNorm(x, null, 1e-5f, normed);
        Operation[] operations = [norm, new MatMul(Weight(TensorType.Q8_0), normed, null, a), new MatMul(Weight(TensorType.Q4_0), normed, null, b)];
        var layout = Plan(operations, [x], [a, b]);
        Assert.Equal([new ProgramStep.NormAndQuantize(norm), new ProgramStep.Single(operations[1]), new ProgramStep.Single(operations[2])], layout.Steps);
        Assert.Equal(PlaceRoot.Workspace, layout.QuantizedOf(normed).Root);
        // Both products read what the norm left; nobody may use its place in between.
        Assert.NotEqual(layout.QuantizedOf(normed), layout[normed]);
    }

    [Fact]
    public void Value_of_no_norm_is_quantised_by_a_step_of_its_own()
    {
        var (x, y) = (Value("x", 64), Value("y", 32));
        var product = new MatMul(Weight(TensorType.Q8_0), x, null, y);
        Assert.Equal([new ProgramStep.Quantize(x), new ProgramStep.Single(product)], Plan([product], [x], [y]).Steps);
    }

    [Fact]
    public void Product_with_plain_weights_quantises_nothing()
    {
        var (x, normed, y) = (Value("x", 64), Value("n", 64), Value("y", 32));
        var layout = Plan([new RmsNorm(x, null, 1e-5f, normed), new MatMul(Weight(TensorType.F32), normed, null, y)], [x], [y]);
        Assert.All(layout.Steps, step => Assert.IsType<ProgramStep.Single>(step));
    }

    [Fact]
    public void View_is_a_place_within_what_it_views_and_no_step()
    {
        var (x, y, whole) = (Value("x", 64), Value("y", 64), new GraphValue("v", TensorType.F32, new SymbolicShape(16, 4, Dimension.Tokens)));
        var copy = Value("c", 64);
        Operation[] operations = [new Scale(x, 2, y), new View(y, 0, whole), new Scale(whole, 3, copy)];
        var layout = Plan(operations, [x], [copy]);
        Assert.Equal(2, layout.Steps.Count);
        Assert.Equal(layout[y], layout[whole]);
    }

    [Fact]
    public void View_that_the_host_reads_is_copied_to_its_output()
    {
        var (x, y, whole) = (Value("x", 64), Value("y", 64), new GraphValue("v", TensorType.F32, new SymbolicShape(16, 4, Dimension.Tokens)));
        var layout = Plan([new Scale(x, 2, y), new View(y, 0, whole)], [x], [whole]);
        Assert.Equal(2, layout.Steps.Count);
        Assert.Equal(new Place(PlaceRoot.Output, 0, 0, 4 * 64 * 4), layout[whole]);
    }

    [Fact]
    public void Inputs_outputs_and_weights_lie_where_the_host_binds_them()
    {
        var (x, y, weight) = (Value("x", 64), Value("y", 32), Weight(TensorType.Q8_0));
        var layout = Plan([new MatMul(weight, x, null, y)], [x], [y]);
        Assert.Equal(new Place(PlaceRoot.Input, 0, 0, 4 * 64 * 4), layout[x]);
        Assert.Equal(new Place(PlaceRoot.Output, 0, 0, 4 * 32 * 4), layout[y]);
        Assert.Equal((PlaceRoot.Weight, 0), (layout[weight].Root, layout[weight].Index));
    }

    [Theory, InlineData(1L << 30), InlineData(8L << 10), InlineData(4L << 10)]
    public void Nothing_that_is_needed_later_is_written_over(long largest)
    {
        foreach (var type in (TensorType[])[TensorType.F32, TensorType.Q8_0])
        {
            var graph = ModelCases.Make(new Random(1), Device, type);
            var layout = ProgramPlanner.Plan(graph.Slice(null), Rules(largest));
            Assert.All(layout.WorkspaceBlocks, block => Assert.True(block <= (nuint)largest));
            // Runs the program with names instead of numbers: every read finds what was written last under its name.
            var memory = new Dictionary<(int Block, long Unit), object>();
            var table = new object();
            Write(layout.Table, table);
            foreach (var step in layout.Steps)
            {
                foreach (var value in step.Reads) if (layout[value].Root == PlaceRoot.Workspace) Expect(layout[value], RootOf(value, graph));
                if (step.ReadsQuantized is { } read) Expect(layout.QuantizedOf(read), ("quantised", read));
                Expect(layout.Table, table);
                foreach (var value in step.Writes) if (layout[value].Root == PlaceRoot.Workspace) Write(layout[value], RootOf(value, graph));
                if (step.Quantizes is { } written) Write(layout.QuantizedOf(written), ("quantised", written));
            }

            void Write(Place place, object name)
            {
                Assert.True((nuint)(place.Offset + place.Length) <= layout.WorkspaceBlocks[place.Index]);
                for (var unit = place.Offset / 256; unit * 256 < place.Offset + place.Length; unit++) memory[(place.Index, unit)] = name;
            }

            void Expect(Place place, object name)
            {
                for (var unit = place.Offset / 256; unit * 256 < place.Offset + place.Length; unit++)
                    Assert.True(memory.TryGetValue((place.Index, unit), out var found) && Equals(found, name), $"{name} was written over by {found ?? "nothing"} ({type}, {largest}).");
            }
        }
    }

    private static object RootOf(GraphValue value, GraphCase graph)
    {
        while (graph.Operations.OfType<View>().FirstOrDefault(view => view.Output == value) is { } view) value = view.Input;
        return value;
    }

    private static ProgramLayout Plan(IReadOnlyList<Operation> operations, IReadOnlyList<GraphValue> inputs, IReadOnlyList<GraphValue> outputs) => ProgramPlanner.Plan(new GraphSlice
    {
        Operations = operations,
        Weights = [.. operations.SelectMany(o => o.Reads).Where(v => v.IsWeight).Distinct()],
        Inputs = inputs,
        Outputs = outputs,
        Bounds = Bounds,
    }, Rules(1 << 30));

    private static ProgramRules Rules(long largest) => new() { LargestBlock = largest, QuantizedRowBytes = width => width * 9 / 8, ScratchBytes = (operation, _) => operation is Abstractions.Graphs.Operations.Attention ? 777 : 0 };

    private static GraphValue Value(string name, int width) => new(name, TensorType.F32, new SymbolicShape(width, Dimension.Tokens));

    private static GraphValue Weight(TensorType type) => new($"w {type}", type, new TensorShape(64, 32), isWeight: true);
}
