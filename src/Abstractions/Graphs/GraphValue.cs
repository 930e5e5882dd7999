using Hotplug.Abstractions.Tensors;

namespace Hotplug.Abstractions.Graphs;

/// <summary>
/// A tensor of a graph: a weight, or what an operation writes. Identity is by reference; immutable and safe from any thread.
/// Every value that is not a weight is written by exactly one operation.
/// </summary>
public sealed class GraphValue
{
    /// <summary>Creates a value.</summary>
    public GraphValue(string name, TensorType type, SymbolicShape shape, bool isWeight = false)
        => (Name, Type, Shape, IsWeight) = (name, type, shape, isWeight);

    /// <summary>Name for messages; for a weight the tensor's name in the file.</summary>
    public string Name { get; }

    /// <summary>Element type: any for a weight, F32 or I32 for what operations write.</summary>
    public TensorType Type { get; }

    /// <summary>Shape, innermost first.</summary>
    public SymbolicShape Shape { get; }

    /// <summary>True for a weight: bound at compile, read only.</summary>
    public bool IsWeight { get; }

    /// <summary>Type, shape and name when the symbols have the numbers of <paramref name="bounds"/>.</summary>
    public TensorSpec Resolve(in StepBounds bounds) => new() { Name = Name, Type = Type, Shape = Shape.Resolve(bounds) };

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type} {Shape}";
}
