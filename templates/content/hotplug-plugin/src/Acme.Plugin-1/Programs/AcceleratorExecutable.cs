using Acme.Plugin_1.Kernels;
using Acme.Plugin_1.Memory;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;

namespace Acme.Plugin_1.Programs;

/// <summary>
/// Runs a slice, operation by operation, on the host's thread for the device, and is done when it returns; nothing is allocated. A device with a queue of its own
/// submits instead and returns a fence.
/// </summary>
internal sealed unsafe class AcceleratorExecutable : IExecutable
{
    private readonly AcceleratorPlan _plan;
    private readonly Heap _memory;
    private readonly nint[] _weights;
    private bool _disposed;

    public AcceleratorExecutable(AcceleratorPlan plan, WeightBindings weights, Heap memory)
    {
        (_plan, _memory) = (plan, memory);
        // Buffers of weights stay where they are for as long as the executable lives.
        _weights = [.. plan.Slice.Weights.Select(weight => (nint)Pointer(weights[weight]))];
    }

    public Fence Run(in StepArguments arguments)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _memory.ThrowIfLost();
        var extents = arguments.Extents;
        var operations = _plan.Slice.Operations;
        for (var i = 0; i < operations.Count; i++)
        {
            arguments.Cancellation.ThrowIfCancellationRequested();
            Run(operations[i], arguments, extents);
        }
        return Fence.Completed;
    }

    public void Dispose() => _disposed = true;

    private void Run(Operation operation, in StepArguments arguments, in StepBounds extents)
    {
        switch (operation)
        {
            case MatMul o:
                MatrixProduct.Run(o.Weight.Type, Bytes(o.Weight, arguments), o.Weight.Shape.D0.Constant, o.Weight.Shape.D1.Constant,
                    Floats(o.Input, arguments), Floats(o.Bias, arguments), Floats(o.Output, arguments), Rows(o.Input, extents));
                break;
            case RmsNorm o:
                RootMeanSquare.Run(Floats(o.Input, arguments), Floats(o.Weight, arguments), o.Epsilon, Floats(o.Output, arguments), o.Input.Shape.D0.Constant, Rows(o.Input, extents));
                break;
            case Gated o:
                Elements.SiluGate(Floats(o.Gate, arguments), Floats(o.Up, arguments), o.Limit, Floats(o.Output, arguments), o.Gate.Shape.D0.Constant * Rows(o.Gate, extents));
                break;
            case Add o:
                Elements.Add(Floats(o.Left, arguments), Floats(o.Right, arguments), Floats(o.Output, arguments), o.Left.Shape.D0.Constant, Rows(o.Left, extents), o.Right.Shape != o.Left.Shape);
                break;
            case Mul o:
                Elements.Multiply(Floats(o.Left, arguments), Floats(o.Right, arguments), Floats(o.Output, arguments), o.Left.Shape.D0.Constant, Rows(o.Left, extents), o.Right.Shape != o.Left.Shape);
                break;
            default:
                throw new InvalidOperationException($"{operation.GetType().Name} was prepared and cannot be run.");
        }
    }

    private static long Rows(GraphValue value, in StepBounds extents) => value.Shape.Resolve(extents).RowCount;

    private float* Floats(GraphValue? value, in StepArguments arguments) => value is null ? null : (float*)Bytes(value, arguments);

    private byte* Bytes(GraphValue value, in StepArguments arguments)
    {
        var place = _plan.Places[value];
        return place.Kind switch
        {
            PlaceKind.Weight => (byte*)_weights[place.Index],
            PlaceKind.Input => Pointer(arguments.Inputs[place.Index]),
            PlaceKind.Output => Pointer(arguments.Outputs[place.Index]),
            _ => ((AcceleratorBuffer)arguments.Workspace[place.Index]).Pointer + place.Offset,
        };
    }

    private static byte* Pointer(in TensorRef tensor) => ((AcceleratorBuffer)tensor.Buffer).Pointer + tensor.Offset;
}
