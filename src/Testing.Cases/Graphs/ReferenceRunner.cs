using Hotplug.Abstractions.Graphs;
using Hotplug.Reference.Execution;

namespace Hotplug.Testing.Graphs;

/// <summary>Runs a case on the scalar reference and knows how far a device may be from it.</summary>
public sealed class ReferenceRunner
{
    private readonly GraphCase _case;
    private readonly ReferenceInterpreter _interpreter;

    /// <summary>Prepares a case.</summary>
    public ReferenceRunner(GraphCase graph)
    {
        _case = graph;
        Cache = graph.NewCache();
        _interpreter = new ReferenceInterpreter(graph.Slice(null), weight => ReferenceWeight.FromBytes(weight.Resolve(graph.Bounds), graph.Weights[weight]));
    }

    /// <summary>The cache, or null.</summary>
    public ReferenceKvCache? Cache { get; }

    /// <summary>Runs a step.</summary>
    /// <returns>For each output its elements and how far each may be off: exact bounds of the operation that writes it, given exact operands.</returns>
    public (double[] Elements, double[] Bounds)[] Run(CaseStep step)
    {
        var slice = _interpreter.Slice;
        // The slice orders its inputs by the case's; inputs that nothing reads are left out.
        var inputs = slice.Inputs.Select(input => step.Inputs[Index(input)]).ToArray();
        var outputs = _interpreter.Run(step.ForReference(), Cache, inputs);
        var byValue = slice.Outputs.Zip(outputs).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. _case.Outputs.Select(output => (byValue[output], _interpreter.Bounds(output)))];
    }

    private int Index(GraphValue input)
    {
        for (var i = 0; i < _case.Inputs.Count; i++)
            if (ReferenceEquals(_case.Inputs[i], input)) return i;
        throw new InvalidOperationException($"{input} is no input of {_case.Name}.");
    }
}
