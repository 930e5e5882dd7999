using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Tolerances;
using Xunit;

namespace Hotplug.GpuTests.Products;

/// <summary>Compares results with the reference, operation by operation, within its tolerance.</summary>
internal static class ProductCheck
{
    /// <summary>Checks W·x (+ b); <paramref name="x"/> has n rows of k.</summary>
    public static void MatMul(TensorSpec spec, byte[] weights, float[] x, float[]? bias, float[] actual)
    {
        var (k, m) = (spec.Shape.D0, spec.Shape.D1);
        var n = x.Length / k;
        var weight = new GraphValue("w", spec.Type, spec.Shape, isWeight: true);
        var input = new GraphValue("x", TensorType.F32, new TensorShape(k, n));
        var b = bias is null ? null : new GraphValue("b", TensorType.F32, new TensorShape(m), isWeight: true);
        var output = new GraphValue("y", TensorType.F32, new TensorShape(m, n));
        Compare(new MatMul(weight, input, b, output), [input], output,
            v => v == weight ? ReferenceWeight.FromBytes(spec, weights) : ReferenceWeight.FromElements(new TensorShape(m), bias!), [x], actual);
    }

    /// <summary>Runs one operation on the reference and compares every element.</summary>
    public static void Compare(Operation operation, GraphValue[] inputs, GraphValue output, Func<GraphValue, ReferenceOperand> weights, float[][] values,
        float[] actual)
    {
        var slice = new GraphSlice
        {
            Operations = [operation],
            Weights = [.. operation.Reads.Where(v => v.IsWeight)],
            Inputs = inputs,
            Outputs = [output],
            Bounds = new StepBounds { Tokens = 1, OutputRows = 0, Sequences = 0 },
        };
        var reference = new ReferenceInterpreter(slice, weights);
        var expected = reference.Run(new ReferenceStep { TokenIds = new int[1] }, null, values)[0];
        var bounds = reference.Bounds(output);
        var wrong = Tolerance.FirstOutside(expected, actual, bounds);
        Assert.True(wrong < 0, wrong < 0 ? "" : $"{operation}: element {wrong} is {actual[wrong]}, not {expected[wrong]} ± {bounds[wrong]}.");
    }
}
