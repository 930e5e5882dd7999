using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Cpu.Programs;

/// <summary>
/// An element-wise function of what one or two matrices of a step compute, if nothing else wants that: who multiplies the columns goes on with them, and the products themselves have no place.
/// </summary>
/// <param name="Function">An <see cref="Activate"/> or a <see cref="Gated"/>.</param>
/// <param name="Left">The matrix of its first operand.</param>
/// <param name="Right">That of its second; the first again if it has no other.</param>
/// <param name="Stores">True if the result is read as floats.</param>
/// <param name="Quantizes">True if it is read as quantised activations.</param>
internal sealed record FusedActivation(Operation Function, MatMul Left, MatMul Right, bool Stores, bool Quantizes)
{
    public GraphValue Output => Function.Writes[0];
}
