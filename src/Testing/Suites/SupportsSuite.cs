using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Hotplug.Testing.Memory;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>Supports tells the truth: yes runs and is right, no has a reason, and the same question has the same answer.</summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class SupportsSuite<TFixture> : BackendSuite<TFixture> where TFixture : BackendFixture, new()
{
    /// <summary>Random operations of any kind, in any order, with weights in any buffer type (llama.cpp #8019, ggml #946).</summary>
    [Fact]
    public void Yes_runs_and_is_right()
    {
        var random = NewRandom();
        var ran = 0;
        var cases = CasesOf(250);
        for (var i = 0; i < cases; i++)
        {
            var kind = OperationCases.Kinds[random.Next(OperationCases.Kinds.Count)];
            var graph = OperationCases.Make(kind, random, Device.Info, Dequantizer.Types[random.Next(Dequantizer.Types.Count)]);
            var type = Device.BufferTypes[random.Next(Device.BufferTypes.Count)];
            if (CaseCheck.Refusal(Device, graph, type) is not null) continue;
            ran++;
            Scenario.Run($"{graph} in {type.Name}, case {i}", () => CaseCheck.Run(Run, Device, graph, type));
        }
        if (ran == 0) Assert.Skip("The device runs no operation.");
    }

    /// <summary>The same question has the same answer, from any thread, and a no has a reason for people.</summary>
    [Fact]
    public void Answer_is_constant_and_has_a_reason()
    {
        var random = NewRandom();
        var questions = Questions(random).ToList();
        var first = questions.ConvertAll(question => Device.Supports(question));
        for (var i = 0; i < first.Count; i++)
        {
            var question = questions[i];
            if (!first[i].IsSupported) Assert.False(string.IsNullOrWhiteSpace(first[i].Reason) || first[i] == default, $"No without a reason to {Describe(question)}.");
        }
        var device = Device;
        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < questions.Count; i++)
                Assert.True(device.Supports(questions[i]).IsSupported == first[i].IsSupported, $"Another answer at the second time to {Describe(questions[i])}.");
        });
    }

    /// <summary>What is refused is refused by Prepare, too, as Unsupported: a planner that asks gets an answer, one that does not gets a typed failure (llama.cpp #10351).</summary>
    [Fact]
    public void No_is_refused_by_prepare()
    {
        var refused = 0;
        foreach (var question in Questions(NewRandom()))
        {
            // Prepare does not know where the weights will lie.
            if (question.WeightBufferType is not null && question.WeightBufferType != Device.BufferTypes[0]) continue;
            var support = Device.Supports(question);
            if (support.IsSupported || Device.Supports(question with { WeightBufferType = null }).IsSupported) continue;
            refused++;
            Scenario.Run($"Preparing {Describe(question)}, refused because \"{support.Reason}\"", () => Expect.Fault(FaultKind.Unsupported, "Prepare", () =>
            {
                var layout = question.KvCache is { } cache ? Device.PrepareKvCache(cache) : null;
                Device.Prepare(Slice(question.Operation, question.Bounds, layout));
            }));
        }
        if (refused == 0) Assert.Skip("The device refuses nothing that was asked.");
    }

    /// <summary>Yes compiles for every tensor type, also those that have no reference to compare with.</summary>
    [Theory, MemberData(nameof(TensorTypeCases.All), MemberType = typeof(TensorTypeCases))]
    public void Yes_prepares_for_every_tensor_type(TensorType type)
    {
        foreach (var question in WeightQuestions(type))
        {
            if (!Device.Supports(question).IsSupported) continue;
            Scenario.Run($"Preparing {Describe(question)}", () =>
            {
                var plan = Device.Prepare(Slice(question.Operation, question.Bounds, null));
                var weight = question.Operation.Reads.Single(value => value.IsWeight);
                var spec = weight.Resolve(question.Bounds);
                using var buffer = Run.Allocate(question.WeightBufferType!, question.WeightBufferType!.AllocationSize(spec));
                buffer.Buffer.Write(buffer.At(0, spec), 0, new byte[spec.ByteLength]);
                using var executable = Device.Compile(plan, new(new Dictionary<GraphValue, TensorRef> { [weight] = buffer.At(0, spec) }));
            });
        }
    }

    /// <summary>Weights in memory that nobody but another backend can reach are refused.</summary>
    [Fact]
    public void Foreign_memory_is_refused()
    {
        foreach (var type in Dequantizer.Types)
            foreach (var question in WeightQuestions(type))
            {
                var support = Device.Supports(question with { WeightBufferType = UnreachableBufferType.Instance });
                Assert.False(support.IsSupported, $"{Describe(question)} in memory of an unknown backend is said to be supported.");
                Assert.False(string.IsNullOrWhiteSpace(support.Reason));
            }
    }

    /// <summary>Caches are offered in the types the device states, F32 and F16 among them if it runs attention, and refused in others.</summary>
    [Fact]
    public void Cache_types_are_as_stated()
    {
        var info = Device.Info;
        Assert.True(info.KvPageTokens > 0 && int.IsPow2(info.KvPageTokens), $"{info.KvPageTokens} tokens in a page are no power of two.");
        foreach (var type in TensorTypes.All.Where(type => type.BlockLength() <= 32))
        {
            var spec = AttentionCases.Spec(NewRandom(), info, new HeadShape(2, 32, 32), type, type);
            var append = new KvAppend(new GraphValue("k", TensorType.F32, new(32, 2, Dimension.Tokens)), new GraphValue("v", TensorType.F32, new(32, 2, Dimension.Tokens)), spec.Layers[0].Layer);
            var question = new OperationQuery { Operation = append, Bounds = new StepBounds { Tokens = 2, OutputRows = 1, Sequences = 1, Context = 8 }, KvCache = spec };
            if (info.KvTypes.Contains(type))
                Assert.True(Device.PrepareKvCache(spec).PageBytes > 0, $"A page of {type} has no bytes.");
            else
            {
                Expect.Fault(FaultKind.Unsupported, $"A cache of {type}, which is not among {string.Join(", ", info.KvTypes)},", () => Device.PrepareKvCache(spec));
                Assert.False(Device.Supports(question).IsSupported, $"KvAppend to a cache of {type} is said to be supported, and the cache cannot be made.");
            }
            if (type is TensorType.F32 or TensorType.F16 && info.KvTypes.Count != 0)
                Assert.Contains(type, info.KvTypes);
        }
    }

    private IEnumerable<OperationQuery> Questions(Random random)
    {
        foreach (var kind in OperationCases.Kinds)
            for (var i = 0; i < 6; i++)
            {
                var graph = OperationCases.Make(kind, random, Device.Info, Dequantizer.Types[random.Next(Dequantizer.Types.Count)]);
                foreach (var operation in graph.Operations)
                    foreach (var type in Device.BufferTypes)
                        yield return CaseCheck.Query(graph, operation, type);
            }
        foreach (var type in TensorTypes.All)
            foreach (var question in WeightQuestions(type)) yield return question;
    }

    private IEnumerable<OperationQuery> WeightQuestions(TensorType type)
    {
        long row = type.BlockLength() * 2;
        var weight = new GraphValue("w", type, new TensorShape(row, 6), isWeight: true);
        var bounds = new StepBounds { Tokens = 4, OutputRows = 4, Sequences = 1 };
        var matrix = new MatMul(weight, new GraphValue("x", TensorType.F32, new(row, Dimension.Tokens)), null, new GraphValue("y", TensorType.F32, new(6, Dimension.Tokens)));
        var rows = new GetRows(weight, RowSource.TokenIds, new GraphValue("y", TensorType.F32, new(row, Dimension.Tokens)));
        foreach (var bufferType in Device.BufferTypes)
            foreach (Operation operation in (Operation[])[matrix, rows])
                yield return new OperationQuery { Operation = operation, Bounds = bounds, WeightBufferType = bufferType };
    }

    private static GraphSlice Slice(Operation operation, StepBounds bounds, IKvLayout? layout) => new()
    {
        Operations = [operation],
        Weights = [.. operation.Reads.Where(value => value.IsWeight).Distinct()],
        Inputs = [.. operation.Reads.Where(value => !value.IsWeight).Distinct()],
        Outputs = operation.Writes,
        Bounds = bounds,
        KvLayout = layout,
    };

    private static string Describe(in OperationQuery question)
        => $"{question.Operation.GetType().Name}({string.Join(", ", question.Operation.Reads)} → {string.Join(", ", question.Operation.Writes)})"
            + (question.WeightBufferType is { } type ? $" with weights in {type.Name}" : "");
}
