using CsCheck;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.CpuTests;

/// <summary>Every other operation without a cache, on random shapes and values, against the reference.</summary>
public sealed class OperationTests : CpuTest
{
    private static readonly Gen<ActivationKind> Kinds = Gen.Enum<ActivationKind>();

    public static TheoryData<TensorType> Types => MatMulTests.Types;

    private static GraphValue Output(SymbolicShape shape, TensorType type = TensorType.F32) => new("y", type, shape);

    private void Sample(Func<Case, int, ActivationKind, Operation> make, int iter = 25, Func<Random, int, ReferenceStep>? step = null)
        => Gen.Select(Gen.Int, Gen.Int[1, 70], Gen.Int[0, 9], Kinds).Sample((seed, width, tokens, kind) =>
        {
            var random = new Random(seed);
            var test = new Case(random) { Step = step?.Invoke(random, tokens) ?? Case.Rows(tokens, random.Next(1000)) };
            test.Operations.Add(make(test, width, kind));
            test.Bounds = test.Step.Extents with { Tokens = tokens + random.Next(3) };
            test.Check(Runs);
        }, iter: iter, threads: 1);

    [Theory, MemberData(nameof(Types))]
    public void GetRows_of_weights_are_exact(TensorType type)
        => Sample((test, width, _) =>
        {
            const int Vocabulary = 9;
            var d = type.IsQuantized() ? type.BlockLength() * (1 + width % 3) : width;
            var kind = (BlockKind)(width % 5);
            return new GetRows(test.Weight(type, new(d, Vocabulary), kind), RowSource.TokenIds, Output(new(d, Dimension.Tokens)));
        }, step: (random, tokens) => Case.Rows(tokens) with { TokenIds = Enumerable.Range(0, tokens).Select(_ => random.Next(9)).ToArray() });

    [Fact]
    public void GetRows_of_values_chooses_output_rows()
        => Gen.Select(Gen.Int, Gen.Int[1, 40], Gen.Int[1, 9]).Sample((seed, width, tokens) =>
        {
            var random = new Random(seed);
            var test = new Case(random) { Step = Case.Rows(tokens) with { OutputRows = Enumerable.Range(0, tokens).Where(_ => random.Next(2) == 0).ToArray() } };
            test.Operations.Add(new GetRows(test.Input(new(width, Dimension.Tokens)), RowSource.OutputRows, Output(new(width, Dimension.OutputRows))));
            test.Bounds = test.Step.Extents with { OutputRows = tokens };
            test.Check(Runs);
        }, iter: 25, threads: 1);

    [Fact]
    public void RmsNorm() => Sample((test, width, kind) => new RmsNorm(test.Input(new(width, 3, Dimension.Tokens), kind),
        width % 2 == 0 ? test.Weight(TensorType.F32, new(width)) : null, 1e-5f, Output(new(width, 3, Dimension.Tokens))));

    [Fact]
    public void LayerNorm() => Sample((test, width, kind) => new LayerNorm(test.Input(new(width, Dimension.Tokens), kind),
        width % 2 == 0 ? test.Weight(TensorType.F32, new(width)) : null, width % 3 == 0 ? test.Weight(TensorType.F32, new(width)) : null, 1e-5f,
        Output(new(width, Dimension.Tokens))));

    [Fact]
    public void Normalize() => Sample((test, width, kind) => new Normalize(test.Input(new(width, Dimension.Tokens), kind), 1e-12f, Output(new(width, Dimension.Tokens))));

    [Fact]
    public void Softmax() => Sample((test, width, kind) => new Softmax(test.Input(new(width, Dimension.Tokens), kind), Output(new(width, Dimension.Tokens))));

    [Theory, InlineData(RopeStyle.Adjacent), InlineData(RopeStyle.Halves)]
    public void Rope(RopeStyle style) => Sample((test, width, kind) =>
    {
        var head = 2 * width + width % 3;
        var parameters = new RopeParameters
        {
            Style = style, RotaryWidth = 2 * width, Base = 10000f, FrequencyScale = width % 2 == 0 ? 1f : 0.25f,
            ExtrapolationFactor = width % 5 == 0 ? 1f : 0f, AttentionFactor = width % 7 == 0 ? 1.2f : 1f, OriginalContext = 2048,
        };
        return new Rope(test.Input(new(head, 3, Dimension.Tokens), kind), width % 2 == 0 ? null : test.Weight(TensorType.F32, new(width)), parameters,
            Output(new(head, 3, Dimension.Tokens)));
    });

    [Fact]
    public void Add_repeats_the_second_operand() => Sample((test, width, kind) => new Add(test.Input(new(width, 2, Dimension.Tokens), kind),
        (width % 4) switch
        {
            0 => test.Input(new(width, 2, Dimension.Tokens), kind),
            1 => test.Input(new(width, 1, Dimension.Tokens), kind),
            2 => test.Weight(TensorType.F32, new(width, 2)),
            _ => test.Weight(TensorType.F32, new(width)),
        }, Output(new(width, 2, Dimension.Tokens))));

    [Fact]
    public void Mul_repeats_the_second_operand() => Sample((test, width, kind) => new Mul(test.Input(new(width, Dimension.Tokens), kind),
        width % 2 == 0 ? test.Input(new(width, Dimension.Tokens), kind) : test.Weight(TensorType.F32, new(width)), Output(new(width, Dimension.Tokens))));

    [Fact]
    public void Scale() => Sample((test, width, kind) => new Scale(test.Input(new(width, Dimension.Tokens), kind), -0.3f, Output(new(width, Dimension.Tokens))));

    [Fact]
    public void SoftCap() => Sample((test, width, kind) => new SoftCap(test.Input(new(width, Dimension.Tokens), kind), 30f, Output(new(width, Dimension.Tokens))));

    [Theory, MemberData(nameof(Functions))]
    public void Activate(Activation function) => Sample((test, width, kind) =>
        new Activate(test.Input(new(width, Dimension.Tokens), kind), function, Output(new(width, Dimension.Tokens))));

    [Theory, MemberData(nameof(Functions))]
    public void Gated(Activation function) => Sample((test, width, kind) => new Gated(test.Input(new(width, Dimension.Tokens), kind),
        test.Input(new(width, Dimension.Tokens)), function, Output(new(width, Dimension.Tokens))) { Limit = width % 2 == 0 ? 0 : 0.7f, Alpha = 1.702f });

    public static TheoryData<Activation> Functions => [.. Enum.GetValues<Activation>()];

    [Fact]
    public void RouteTopK()
        => Gen.Select(Gen.Int, Gen.Int[1, 12], Gen.Int[0, 5], Gen.Bool, Gen.Bool, Gen.Bool).Sample((seed, experts, tokens, sigmoid, renormalize, bias) =>
        {
            var random = new Random(seed);
            var used = 1 + random.Next(experts);
            var test = new Case(random) { Step = Case.Rows(tokens) };
            // Few different numbers, so that there are ties.
            var logits = test.Given(new(experts, Dimension.Tokens), TensorType.F32, [.. Enumerable.Range(0, experts * tokens).Select(_ => random.Next(4) * 0.5f)]);
            test.Operations.Add(new RouteTopK(logits, bias ? test.Weight(TensorType.F32, new(experts)) : null, sigmoid, renormalize, 2.5f,
                Output(new(used, Dimension.Tokens), TensorType.I32), Output(new(used, Dimension.Tokens))));
            test.Check(Runs);
        }, iter: 40, threads: 1);

    [Fact]
    public void CombineExperts() => Sample((test, width, kind) => new CombineExperts(test.Input(new(width, 3, Dimension.Tokens), kind),
        test.Input(new(3, Dimension.Tokens)), Output(new(width, Dimension.Tokens))));

    [Theory, InlineData(Pooling.Mean), InlineData(Pooling.First), InlineData(Pooling.Last)]
    public void Pool(Pooling kind)
        => Sample((test, width, values) => new Pool(test.Input(new(width, Dimension.Tokens), values), kind, Output(new(width, Dimension.Sequences))), step: Sequences);

    [Fact]
    public void AttentionBatch() => Sample((test, width, kind) => new AttentionBatch(test.Input(new(width, 6, Dimension.Tokens)), test.Input(new(width, 2, Dimension.Tokens)),
        test.Input(new(width + 1, 2, Dimension.Tokens)), new AttentionParameters { Scale = 0.3f, Causal = width % 2 == 0, Window = width % 4, SoftCap = width % 3 * 5 },
        Output(new((width + 1) * 6, Dimension.Tokens))), step: Sequences);

    [Fact]
    public void Cast_and_view_move_numbers()
    {
        Sample((test, width, kind) => new Cast(test.Input(new(width, Dimension.Tokens), kind), Output(new(width, Dimension.Tokens), TensorType.I32)));
        Sample((test, width, kind) => new View(test.Input(new(6 * width, Dimension.Tokens), kind), 0, Output(new(width, 6, Dimension.Tokens))));
    }

    [Fact]
    public void ArgMax_takes_the_lowest_of_equals()
        => Gen.Select(Gen.Int, Gen.Int[1, 70], Gen.Int[0, 5]).Sample((seed, width, tokens) =>
        {
            var random = new Random(seed);
            var test = new Case(random) { Step = Case.Rows(tokens) };
            var x = test.Given(new(width, Dimension.Tokens), TensorType.F32, [.. Enumerable.Range(0, width * tokens).Select(_ => random.Next(6) - 9f)]);
            test.Operations.Add(new ArgMax(x, Output(new(Dimension.Tokens), TensorType.I32), Output(new(Dimension.Tokens))));
            test.Check(Runs);
        }, iter: 40, threads: 1);

    /// <summary>The rows shared out to several sequences, none of them empty.</summary>
    private static ReferenceStep Sequences(Random random, int tokens)
    {
        var sequences = new List<SequenceStep>();
        for (var row = 0; row < tokens;)
        {
            var count = 1 + random.Next(tokens - row);
            sequences.Add(new SequenceStep { FirstRow = row, RowCount = count });
            row += count;
        }
        return Case.Rows(tokens) with
        {
            Positions = sequences.SelectMany(s => Enumerable.Range(0, s.RowCount)).ToArray(),
            Sequences = sequences.ToArray(),
        };
    }
}
