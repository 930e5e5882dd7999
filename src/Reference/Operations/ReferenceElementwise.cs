using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>Operations that make each element from the same element of their operands.</summary>
internal static class ReferenceElementwise
{
    public static void Add(Add operation, OperationContext context)
        => Binary(operation.Left, operation.Right, operation.Output, context, static (left, right) => left + right);

    public static void Mul(Mul operation, OperationContext context)
        => Binary(operation.Left, operation.Right, operation.Output, context, static (left, right) => left * right);

    public static void Scale(Scale operation, OperationContext context)
        => Unary(operation.Input, operation.Output, operation, context, static (x, o) => o.Factor * x);

    public static void SoftCap(SoftCap operation, OperationContext context)
        => Unary(operation.Input, operation.Output, operation, context, static (x, o) => o.Cap * Math.Tanh(x / o.Cap));

    public static void Activate(Activate operation, OperationContext context)
        => Unary(operation.Input, operation.Output, operation, context, static (x, o) => Activations.Apply(o.Function, 1, x));

    public static void Cast(Cast operation, OperationContext context)
        => Unary(operation.Input, operation.Output, operation, context, static (x, o) => o.Output.Type == TensorType.I32 ? (int)x : (float)x);

    /// <summary>The row of the second operand that belongs to row <paramref name="row"/> of the first: outer extents of 1 are repeated.</summary>
    public static long Repeated(TensorShape left, TensorShape right, long row)
    {
        var (i1, i2, i3) = (row % left.D1, row / left.D1 % left.D2, row / left.D1 / left.D2);
        return (right.D1 == 1 ? 0 : i1) + right.D1 * ((right.D2 == 1 ? 0 : i2) + right.D2 * (right.D3 == 1 ? 0 : i3));
    }

    private static void Unary<TOperation>(GraphValue inputValue, GraphValue outputValue, TOperation operation, OperationContext context,
        Func<double, TOperation, double> function)
    {
        var input = context.Operand(inputValue);
        var output = context.Value(outputValue);
        for (var r = 0L; r < input.Shape.RowCount; r++)
        {
            var x = input.Row(r, context.Scratch(0, input.Shape.D0));
            var y = output.Row(r);
            for (var i = 0; i < x.Length; i++) y[i] = function(x[i], operation);
        }
    }

    private static void Binary(GraphValue leftValue, GraphValue rightValue, GraphValue outputValue, OperationContext context,
        Func<double, double, double> function)
    {
        var (left, right) = (context.Operand(leftValue), context.Operand(rightValue));
        var output = context.Value(outputValue);
        for (var r = 0L; r < left.Shape.RowCount; r++)
        {
            var a = left.Row(r, context.Scratch(0, left.Shape.D0));
            var b = right.Row(Repeated(left.Shape, right.Shape, r), context.Scratch(1, right.Shape.D0));
            var y = output.Row(r);
            for (var i = 0; i < y.Length; i++) y[i] = function(a[i], b[i]);
        }
    }
}
