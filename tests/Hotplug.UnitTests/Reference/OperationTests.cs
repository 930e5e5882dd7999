using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Xunit;
using static Hotplug.UnitTests.Reference.OneOperation;

namespace Hotplug.UnitTests.Reference;

/// <summary>Each operation on numbers small enough to check by hand.</summary>
public sealed class OperationTests
{
    private readonly OneOperation _one = new();

    [Fact]
    public void GetRows_picks_by_ids_positions_and_output_rows()
    {
        var table = _one.Weight(new TensorShape(2, 3), 0, 1, 10, 11, 20, 21);
        _one.Step = new() { TokenIds = new[] { 2, 0 }, Positions = new[] { 1, 1 }, OutputRows = new[] { 1 } };
        Assert.Equal([20, 21, 0, 1], _one.Run(new GetRows(table, RowSource.TokenIds, Output(new(2, Dimension.Tokens))))[0]);
        Assert.Equal([10, 11, 10, 11], _one.Run(new GetRows(table, RowSource.Positions, Output(new(2, Dimension.Tokens))))[0]);
        Assert.Equal([10, 11], _one.Run(new GetRows(table, RowSource.OutputRows, Output(new(2, Dimension.OutputRows))))[0]);
    }

    [Fact]
    public void MatMul_multiplies_rows_and_adds_the_bias()
    {
        _one.Step = Rows(2);
        var weight = _one.Weight(new TensorShape(3, 2), 1, 2, 3, 4, 5, 6);
        var bias = _one.Weight(new TensorShape(2), 100, 200);
        var x = _one.Input(new(3, Dimension.Tokens), 1, 0, 0, 1, 1, 1);
        Assert.Equal([101, 204, 106, 215], _one.Run(new MatMul(weight, x, bias, Output(new(2, Dimension.Tokens))))[0]);
    }

    [Theory]
    [InlineData(false, false), InlineData(true, false), InlineData(false, true)]
    public void RouteTopK_takes_the_highest_with_ties_to_the_lower_id(bool sigmoid, bool renormalize)
    {
        var logits = _one.Input(new(4, Dimension.Tokens), 1, 2, 2, 0);
        var (ids, weights) = (Output(new(2, Dimension.Tokens), TensorType.I32), Output(new(2, Dimension.Tokens)));
        var result = _one.Run(new RouteTopK(logits, null, sigmoid, renormalize, 3, ids, weights));
        Assert.Equal([1, 2], result[0]);
        var sum = Math.Exp(1) + 2 * Math.Exp(2) + 1;
        var expected = renormalize ? 1.5 : 3 * (sigmoid ? 1 / (1 + Math.Exp(-2)) : Math.Exp(2) / sum);
        Assert.Equal(expected, result[1][0], 1e-12);
    }

    [Fact]
    public void RouteTopK_bias_chooses_but_does_not_weigh()
    {
        var logits = _one.Input(new(3, Dimension.Tokens), 3, 2, 1);
        var bias = _one.Weight(new TensorShape(3), 0, 0, 5);
        var (ids, weights) = (Output(new(1, Dimension.Tokens), TensorType.I32), Output(new(1, Dimension.Tokens)));
        var result = _one.Run(new RouteTopK(logits, bias, true, false, 1, ids, weights));
        Assert.Equal([2], result[0]);
        Assert.Equal(1 / (1 + Math.Exp(-1)), result[1][0], 1e-12);
    }

    [Theory]
    [InlineData(1), InlineData(2)]
    public void Experts_multiply_and_combine(int inputs)
    {
        // Expert e: row j is (e+1, j).
        var weight = _one.Weight(new TensorShape(2, 2, 3), 1, 0, 1, 1, 2, 0, 2, 1, 3, 0, 3, 1);
        var bias = _one.Weight(new TensorShape(2, 3), 0, 0, 0, 0, 100, 200);
        var x = _one.Input(new(2, inputs, Dimension.Tokens), inputs == 1 ? [1, 10] : [1, 10, 2, 20]);
        var ids = _one.Ids(new(2, Dimension.Tokens), 2, 0);
        var y = _one.Run(new MatMulExperts(weight, bias, x, ids, Output(new(2, 2, Dimension.Tokens))))[0];
        Assert.Equal(inputs == 1 ? [103, 213, 1, 11] : [103, 213, 2, 22], y);

        var combine = new OneOperation();
        var experts = combine.Input(new(2, 2, Dimension.Tokens), 1, 2, 3, 4);
        var w = combine.Input(new(2, Dimension.Tokens), 10, 100);
        Assert.Equal([310, 420], combine.Run(new CombineExperts(experts, w, Output(new(2, Dimension.Tokens))))[0]);
    }

    [Fact]
    public void Norms_divide_by_what_they_say()
    {
        var x = _one.Input(new(2, Dimension.Tokens), 3, 4);
        var w = _one.Weight(new TensorShape(2), 2, 1);
        var b = _one.Weight(new TensorShape(2), 0, 7);
        var y = Output(new(2, Dimension.Tokens));
        Near([6 / Math.Sqrt(13.5), 4 / Math.Sqrt(13.5)], _one.Run(new RmsNorm(x, w, 1f, y))[0]);
        Near([-0.5 / Math.Sqrt(0.5) * 2, 0.5 / Math.Sqrt(0.5) + 7], _one.Run(new LayerNorm(x, w, b, 0.25f, y))[0]);
        Near([0.6, 0.8], _one.Run(new Normalize(x, 1e-6f, y))[0]);
        Near([0.03, 0.04], _one.Run(new Normalize(x, 100f, y))[0]);
    }

    [Theory]
    [InlineData(RopeStyle.Adjacent, 0, 1), InlineData(RopeStyle.Halves, 0, 2)]
    public void Rope_turns_pairs_and_leaves_the_rest(RopeStyle style, int first, int second)
    {
        _one.Step = Rows(2, firstPosition: 5);
        var head = new float[] { 1, 2, 3, 4, 9, 9 };
        var x = _one.Input(new(6, 1, Dimension.Tokens), [.. head, .. head]);
        var parameters = new RopeParameters { Style = style, RotaryWidth = 4, Base = 100f };
        var y = _one.Run(new Rope(x, null, parameters, Output(new(6, 1, Dimension.Tokens))))[0];
        // Second row, pair 0: frequency 1, position 6.
        Assert.Equal(head[first] * Math.Cos(6) - head[second] * Math.Sin(6), y[6 + first], 1e-12);
        Assert.Equal(head[first] * Math.Sin(6) + head[second] * Math.Cos(6), y[6 + second], 1e-12);
        // The other pair: 100^(−2/4) = 0.1.
        var (a, b) = style == RopeStyle.Adjacent ? (2, 3) : (1, 3);
        Assert.Equal(head[a] * Math.Cos(0.6) - head[b] * Math.Sin(0.6), y[6 + a], 1e-7);
        Assert.Equal([9, 9], y[4..6]);
    }

    [Fact]
    public void Rope_factors_divide_and_scales_multiply_frequencies()
    {
        _one.Step = Rows(1, firstPosition: 8);
        var factors = _one.Weight(new TensorShape(1), 4);
        var x = _one.Input(new(2, 1, Dimension.Tokens), 1, 0);
        var parameters = new RopeParameters { Style = RopeStyle.Halves, RotaryWidth = 2, FrequencyScale = 0.5f, AttentionFactor = 2f };
        Near([2 * Math.Cos(1), 2 * Math.Sin(1)], _one.Run(new Rope(x, factors, parameters, Output(new(2, 1, Dimension.Tokens))))[0]);
    }

    [Fact]
    public void Yarn_keeps_fast_frequencies_and_interpolates_slow_ones()
    {
        _one.Step = Rows(1, firstPosition: 1);
        var width = 64;
        var parameters = new RopeParameters
        {
            Style = RopeStyle.Halves, RotaryWidth = width, FrequencyScale = 0.25f, ExtrapolationFactor = 1f, OriginalContext = 2048,
        };
        var x = _one.Input(new(width, 1, Dimension.Tokens), [.. Enumerable.Repeat(1f, width / 2), .. new float[width / 2]]);
        var y = _one.Run(new Rope(x, null, parameters, Output(new(width, 1, Dimension.Tokens))))[0];
        var magnitude = 1 + 0.1 * Math.Log(4);
        double Angle(int pair) => Math.Atan2(y[pair + width / 2], y[pair]);
        Assert.Equal(magnitude, Math.Sqrt(y[0] * y[0] + y[width / 2] * y[width / 2]), 1e-9);
        Assert.Equal(1, Angle(0), 1e-9);
        // From the published formula: low = floor(8.07), high = ceil(20.11).
        Assert.Equal(Math.Pow(10000, -8.0 / 32), Angle(8), 1e-9);
        Assert.Equal(Math.Pow(10000, -21.0 / 32) / 4, Angle(21), 1e-9);
        var between = Math.Pow(10000, -12.0 / 32);
        var ramp = (12.0 - 8) / (21 - 8);
        Assert.Equal(between * (ramp / 4 + 1 - ramp), Angle(12), 1e-9);
    }

    [Fact]
    public void Elementwise_operations_repeat_the_second_operand()
    {
        _one.Step = Rows(2);
        var left = _one.Input(new(2, Dimension.Tokens), 1, 2, 3, 4);
        var row = _one.Weight(new TensorShape(2), 10, 20);
        var y = Output(new(2, Dimension.Tokens));
        Assert.Equal([11, 22, 13, 24], _one.Run(new Add(left, row, y))[0]);
        Assert.Equal([10, 40, 30, 80], _one.Run(new Mul(left, row, y))[0]);
        Assert.Equal([-2, -4, -6, -8], _one.Run(new Scale(left, -2, y))[0]);
        Near([.. new[] { 1, 2, 3, 4.0 }.Select(x => 3 * Math.Tanh(x / 3))], _one.Run(new SoftCap(left, 3, y))[0]);
        Assert.Equal([2, 3], _one.Run(new View(left, 0, Output(new(4, 1))))[0][1..3]);
        Assert.Equal([3, 4], _one.Run(new View(left, 1, Output(new(2, 1))))[0]);
    }

    [Fact]
    public void A_second_operand_repeats_in_the_middle_too()
    {
        _one.Step = Rows(2);
        var left = _one.Input(new(1, 2, Dimension.Tokens), 1, 2, 3, 4);
        var right = _one.Input(new(1, 1, Dimension.Tokens), 10, 20);
        Assert.Equal([11, 12, 23, 24], _one.Run(new Add(left, right, Output(new(1, 2, Dimension.Tokens))))[0]);
    }

    [Theory]
    [InlineData(Activation.Silu, 0.731058578630005), InlineData(Activation.GeluTanh, 0.841191990607477), InlineData(Activation.GeluErf, 0.841344746068543)]
    [InlineData(Activation.Relu, 1), InlineData(Activation.ReluSquared, 1), InlineData(Activation.SwishAlpha, 0.731058578630005)]
    [InlineData(Activation.Tanh, 0.761594155955765), InlineData(Activation.Sigmoid, 0.731058578630005)]
    public void Activations_at_one(Activation function, double expected)
    {
        var x = _one.Input(new(2, Dimension.Tokens), 1, -1);
        var y = _one.Run(new Activate(x, function, Output(new(2, Dimension.Tokens))))[0];
        Assert.Equal(expected, y[0], 1e-12);
        Assert.Equal(function is Activation.Relu or Activation.ReluSquared ? 0 : function switch
        {
            Activation.Tanh => -expected,
            Activation.Sigmoid => 1 - expected,
            _ => expected - 1,
        }, y[1], 1e-12);
    }

    [Theory]
    [InlineData(0.1, 0.112462916018285), InlineData(1.9, 0.992790429235257), InlineData(2.1, 0.997020533343667), InlineData(3.5, 0.999999256901628)]
    public void The_error_function_agrees_with_its_tables(double z, double erf)
    {
        // GELU-erf at x = z·√2 is ½x(1 + erf z).
        var x = _one.Input(new(1, Dimension.Tokens), (float)(z * Math.Sqrt(2)));
        var y = _one.Run(new Activate(x, Activation.GeluErf, Output(new(1, Dimension.Tokens))))[0][0];
        Assert.Equal(erf, y / (0.5 * z * Math.Sqrt(2)) - 1, 1e-6);
    }

    [Fact]
    public void Gated_limits_both_sides()
    {
        var gate = _one.Input(new(3, Dimension.Tokens), 1, 9, -9);
        var up = _one.Input(new(3, Dimension.Tokens), 2, 9, -9);
        var y = Output(new(3, Dimension.Tokens));
        static double Swish(double x, double alpha) => x / (1 + Math.Exp(-alpha * x));
        Near([Swish(1, 1) * 2, Swish(9, 1) * 9, Swish(-9, 1) * -9], _one.Run(new Gated(gate, up, Activation.Silu, y))[0]);
        Near([Swish(1, 1.5) * 3, Swish(7, 1.5) * 8, Swish(-9, 1.5) * -6],
            _one.Run(new Gated(gate, up, Activation.SwishAlpha, y) { Limit = 7, Alpha = 1.5f })[0]);
    }

    [Fact]
    public void Rows_become_probabilities_pools_and_arg_maxima()
    {
        _one.Step = Rows(3) with
        {
            Sequences = new Abstractions.Execution.SequenceStep[] { new() { FirstRow = 0, RowCount = 2 }, new() { FirstRow = 2, RowCount = 1 } },
        };
        var x = _one.Input(new(2, Dimension.Tokens), 0, 0, 1, 3, 5, 5);
        Near([0.5, 0.5, 1 / (1 + Math.Exp(2)), 1 / (1 + Math.Exp(-2)), 0.5, 0.5], _one.Run(new Softmax(x, Output(new(2, Dimension.Tokens))))[0]);
        var pooled = Output(new(2, Dimension.Sequences));
        Assert.Equal([0.5, 1.5, 5, 5], _one.Run(new Pool(x, Pooling.Mean, pooled))[0]);
        Assert.Equal([0, 0, 5, 5], _one.Run(new Pool(x, Pooling.First, pooled))[0]);
        Assert.Equal([1, 3, 5, 5], _one.Run(new Pool(x, Pooling.Last, pooled))[0]);
        foreach (var shape in new SymbolicShape[] { new(Dimension.Tokens), new(1, Dimension.Tokens) })
        {
            var (ids, values) = (Output(shape, TensorType.I32), Output(shape));
            var result = _one.Run(new ArgMax(x, ids, values));
            Assert.Equal([0, 1, 0], result[0]);
            Assert.Equal([0, 3, 5], result[1]);
        }
    }

    [Fact]
    public void Values_take_fewer_rows_than_their_bound_and_no_other_row_length()
    {
        var value = new ArrayValue(TensorType.F32, new(4, 1));
        value.Resize(new(4, 0));
        Assert.Equal(0, value.Elements.Length);
        value.Resize(new(4, 1));
        Assert.Throws<ArgumentException>(() => value.Resize(new(4, 2)));
        Assert.Throws<ArgumentException>(() => value.Resize(new(5, 1)));
        Assert.Throws<ArgumentException>(() => new ArrayValue(TensorType.F32, new(4, 3)).Resize(new(3, 3)));
    }

    [Fact]
    public void Cast_truncates()
    {
        var x = _one.Input(new(3, Dimension.Tokens), 1.9f, -1.9f, 3);
        Assert.Equal([1, -1, 3], _one.Run(new Cast(x, Output(new(3, Dimension.Tokens), TensorType.I32)))[0]);
    }

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-6);
    }
}
