using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Runtime.Graphs;

/// <content>Operations element by element.</content>
public sealed partial class GraphBuilder
{
    /// <summary>Element-wise sum; the right operand may be a vector.</summary>
    public GraphValue Add(GraphValue left, GraphValue right)
    {
        Require(left.Shape.D0 == right.Shape.D0, $"{left} and {right} cannot be added");
        var output = Like("sum", left);
        return Emit(new Add(left, right, output), output);
    }

    /// <summary>Element-wise product; the right operand may be a vector.</summary>
    public GraphValue Mul(GraphValue left, GraphValue right)
    {
        Require(left.Shape.D0 == right.Shape.D0, $"{left} and {right} cannot be multiplied");
        var output = Like("scaled", left);
        return Emit(new Mul(left, right, output), output);
    }

    /// <summary>y = factor · x.</summary>
    public GraphValue Scale(GraphValue input, float factor)
    {
        var output = Like("scaled", input);
        return Emit(new Scale(input, factor, output), output);
    }

    /// <summary>y = cap · tanh(x / cap).</summary>
    public GraphValue SoftCap(GraphValue input, float cap)
    {
        Require(cap > 0, $"{input} cannot be capped at {cap}");
        var output = Like("capped", input);
        return Emit(new SoftCap(input, cap, output), output);
    }

    /// <summary>An activation function of every element.</summary>
    public GraphValue Activate(GraphValue input, Activation function)
    {
        var output = Like("activated", input);
        return Emit(new Activate(input, function, output), output);
    }

    /// <summary>Gated activation: act(gate) · up, or with a limit as <see cref="Abstractions.Graphs.Operations.Gated"/> says.</summary>
    public GraphValue Gated(GraphValue gate, GraphValue up, Activation function, float alpha = 1f, float limit = 0f)
    {
        Require(gate.Shape == up.Shape, $"{gate} and {up} have different shapes");
        var output = Like("gated", gate);
        return Emit(new Gated(gate, up, function, output) { Alpha = alpha, Limit = limit }, output);
    }
}
