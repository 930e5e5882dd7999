using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Tolerances;
using Xunit;

namespace Hotplug.GpuTests.Kernels;

/// <summary>One operation on the scalar reference, and how far a device may be from it.</summary>
internal sealed class OneOperation
{
    private readonly ReferenceInterpreter _interpreter;

    public OneOperation(Operation operation, StepBounds bounds, params (GraphValue Weight, float[] Elements)[] weights)
        => _interpreter = new ReferenceInterpreter(new GraphSlice
        {
            Operations = [operation],
            Weights = [.. weights.Select(weight => weight.Weight)],
            Inputs = [.. operation.Reads.Where(value => !value.IsWeight)],
            Outputs = operation.Writes,
            Bounds = bounds,
        }, weight => ReferenceWeight.FromElements(weight.Shape.Resolve(bounds), weights.First(entry => entry.Weight == weight).Elements));

    /// <summary>A value of single precision.</summary>
    public static GraphValue Value(string name, SymbolicShape shape, TensorType type = TensorType.F32) => new(name, type, shape);

    /// <summary>A weight of single precision.</summary>
    public static GraphValue Weight(string name, long width) => new(name, TensorType.F32, new SymbolicShape(width), isWeight: true);

    /// <summary>Runs a step.</summary>
    public double[][] Run(in ReferenceStep step, IReferenceKvCache? cache, params float[][] inputs) => _interpreter.Run(step, cache, inputs);

    /// <summary>Every element of a result is within its bound of what the last run gave.</summary>
    public void Expect(GraphValue value, ReadOnlySpan<float> actual, string what)
    {
        var expected = ReferenceInterpreter.Elements(_interpreter[value]);
        var bounds = _interpreter.Bounds(value);
        var at = Tolerance.FirstOutside(expected, actual, bounds);
        if (at >= 0) Assert.Fail($"{what}, {value}: element {at} is {actual[at]:g9}, and must be {expected[at]:g9} ± {bounds[at]:g3}.");
    }

    /// <summary>Integers are the same.</summary>
    public void Expect(GraphValue value, ReadOnlySpan<int> actual, string what)
    {
        var expected = ReferenceInterpreter.Elements(_interpreter[value]);
        Assert.True(expected.Length == actual.Length, $"{what}, {value}: {actual.Length} elements instead of {expected.Length}.");
        for (var i = 0; i < actual.Length; i++) Assert.True(expected[i] == actual[i], $"{what}, {value}: element {i} is {actual[i]}, and must be {expected[i]}.");
    }
}
