using System.Numerics.Tensors;
using Acme.Tensors.Kernels;
using Acme.Tensors.Memory;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;

namespace Acme.Tensors.Programs;

/// <summary>Runs a plan on the calling thread and the workers; done when it returns. Allocates nothing.</summary>
internal sealed unsafe class TensorsExecutable : IExecutable
{
    private readonly TensorsPlan _plan;
    private readonly nint[] _weights;
    private readonly MatrixTask _product = new();
    private bool _disposed;

    public TensorsExecutable(TensorsPlan plan, WeightBindings weights)
    {
        _plan = plan;
        _weights = [.. plan.Slice.Weights.Select(weight => (nint)Pointer(weights[weight]))];
    }

    public Fence Run(in StepArguments arguments)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var extents = arguments.Extents;
        var steps = _plan.Layout.Steps;
        for (var i = 0; i < steps.Count; i++)
        {
            arguments.Cancellation.ThrowIfCancellationRequested();
            Run(((ProgramStep.Single)steps[i]).Operation, arguments, extents);
        }
        return Fence.Completed;
    }

    public void Dispose() => _disposed = true;

    private void Run(Operation operation, in StepArguments arguments, in StepBounds extents)
    {
        switch (operation)
        {
            case MatMul o:
                Multiply(o, arguments, extents);
                break;
            case GetRows o:
                Gather(o, arguments, extents);
                break;
            case RmsNorm o:
                Rows.RmsNorm(Floats(o.Input, arguments, extents), o.Weight is null ? default : Floats(o.Weight, arguments, extents), o.Epsilon,
                    Floats(o.Output, arguments, extents), (int)o.Input.Shape.D0.Constant);
                break;
            case Gated o:
                Rows.SiluGate(Floats(o.Gate, arguments, extents), Floats(o.Up, arguments, extents), Floats(o.Output, arguments, extents));
                break;
            case Add o:
                Rows.Add(Floats(o.Left, arguments, extents), Floats(o.Right, arguments, extents), Floats(o.Output, arguments, extents));
                break;
            case Mul o:
                Rows.Multiply(Floats(o.Left, arguments, extents), Floats(o.Right, arguments, extents), Floats(o.Output, arguments, extents));
                break;
            case Scale o:
                TensorPrimitives.Multiply(Floats(o.Input, arguments, extents), o.Factor, Floats(o.Output, arguments, extents));
                break;
            default:
                throw new InvalidOperationException($"{operation.GetType().Name} was prepared and cannot be run.");
        }
    }

    private void Multiply(MatMul operation, in StepArguments arguments, in StepBounds extents)
    {
        var scratch = _plan.Layout.ScratchOf(operation);
        _product.Type = operation.Weight.Type;
        _product.Width = (int)operation.Weight.Shape.D0.Constant;
        _product.Height = operation.Weight.Shape.D1.Constant;
        _product.Rows = Extent.RowsOf(operation.Input).Resolve(extents);
        _product.Weight = Bytes(operation.Weight, arguments);
        _product.Input = (float*)Bytes(operation.Input, arguments);
        _product.Bias = operation.Bias is null ? null : (float*)Bytes(operation.Bias, arguments);
        _product.Output = (float*)Bytes(operation.Output, arguments);
        _product.Scratch = scratch.Length == 0 ? null : (float*)At(scratch, arguments);
        _product.ScratchRow = (int)TensorsPlan.ScratchRow(operation);
        _plan.Device.Workers.Run(_product);
    }

    private void Gather(GetRows operation, in StepArguments arguments, in StepBounds extents)
    {
        var numbers = operation.Source switch
        {
            RowSource.TokenIds => arguments.TokenIds,
            RowSource.Positions => arguments.Positions,
            _ => arguments.OutputRows,
        };
        var width = (int)operation.Table.Shape.D0.Constant;
        var rowBytes = PlaneLayout.RowBytes(operation.Table.Type, width);
        var table = Bytes(operation.Table, arguments);
        var output = Floats(operation.Output, arguments, extents);
        for (var i = 0; i < numbers.Length; i++) WeightRow.Expand(operation.Table.Type, table + numbers[i] * rowBytes, output.Slice(i * width, width));
    }

    private Span<float> Floats(GraphValue value, in StepArguments arguments, in StepBounds extents)
        => new(Bytes(value, arguments), (int)Extent.ElementsOf(value).Resolve(extents));

    private byte* Bytes(GraphValue value, in StepArguments arguments) => At(_plan.Layout[value], arguments);

    private byte* At(in Place place, in StepArguments arguments) => place.Offset + place.Root switch
    {
        PlaceRoot.Weight => (byte*)_weights[place.Index],
        PlaceRoot.Input => Pointer(arguments.Inputs[place.Index]),
        PlaceRoot.Output => Pointer(arguments.Outputs[place.Index]),
        _ => ((TensorsBuffer)arguments.Workspace[place.Index]).Pointer,
    };

    private static byte* Pointer(in TensorRef tensor) => ((TensorsBuffer)tensor.Buffer).Pointer + tensor.Offset;
}
