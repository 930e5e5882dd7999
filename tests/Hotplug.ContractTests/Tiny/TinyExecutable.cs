using System.Runtime.InteropServices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;

namespace Hotplug.ContractTests.Tiny;

internal sealed class TinyExecutable : IExecutable
{
    private readonly TinyDevice _device;
    private readonly TinyPlan _plan;
    private readonly ReferenceInterpreter _interpreter;
    private bool _disposed;

    public TinyExecutable(TinyDevice device, TinyPlan plan, WeightBindings weights)
    {
        (_device, _plan) = (device, plan);
        _interpreter = new ReferenceInterpreter(plan.Slice, weight => Load(weights[weight])) { RoundToSingle = true };
    }

    public Fence Run(in StepArguments arguments)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _device.Memory.Check();
        arguments.Cancellation.ThrowIfCancellationRequested();
        if (arguments.Workspace.Length != _plan.WorkspaceBlocks.Count)
            throw new ArgumentException($"{_plan.WorkspaceBlocks.Count} workspace blocks were planned and {arguments.Workspace.Length} came.", nameof(arguments));
        // What the last step left in the workspace is gone.
        foreach (var block in arguments.Workspace) ((TinyBuffer)block).Bytes.Fill(0xFF);
        _interpreter.Begin(ReferenceStep.From(arguments));
        for (var i = 0; i < arguments.Inputs.Length; i++) Take(arguments.Inputs[i], _interpreter[_plan.Slice.Inputs[i]]);
        _interpreter.Run(arguments.KvPool is { } pool ? new TinyKvCache((TinyKvLayout)pool.Layout, pool) : null);
        for (var i = 0; i < arguments.Outputs.Length; i++) Give(_interpreter[_plan.Slice.Outputs[i]], arguments.Outputs[i]);
        return Fence.Completed;
    }

    public void Dispose() => _disposed = true;

    private static ReferenceWeight Load(TensorRef place)
    {
        var bytes = new byte[place.Spec.ByteLength];
        place.Buffer.Read(place, 0, bytes);
        return ReferenceWeight.FromBytes(place.Spec, bytes);
    }

    private static void Take(TensorRef place, ReferenceValue value)
    {
        var bytes = new byte[RowsToMove(place, value) * place.Spec.RowBytes];
        place.Buffer.Read(place, 0, bytes);
        for (var row = 0L; row < value.Shape.RowCount; row++)
        {
            var numbers = value.Row(row);
            var from = bytes.AsSpan((int)(row * place.Spec.RowBytes));
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = value.Type == TensorType.I32 ? MemoryMarshal.Cast<byte, int>(from)[i] : MemoryMarshal.Cast<byte, float>(from)[i];
        }
    }

    private static void Give(ReferenceValue value, TensorRef place)
    {
        var bytes = new byte[RowsToMove(place, value) * place.Spec.RowBytes];
        place.Buffer.Read(place, 0, bytes);
        for (var row = 0L; row < value.Shape.RowCount; row++)
        {
            var numbers = value.Row(row);
            var to = bytes.AsSpan((int)(row * place.Spec.RowBytes));
            for (var i = 0; i < numbers.Length; i++)
                if (value.Type == TensorType.I32) MemoryMarshal.Cast<byte, int>(to)[i] = (int)numbers[i];
                else MemoryMarshal.Cast<byte, float>(to)[i] = (float)numbers[i];
        }
        place.Buffer.Write(place, 0, bytes);
    }

    // Of a vector whose only extent is a symbol, the one row is moved whole.
    private static long RowsToMove(TensorRef place, ReferenceValue value) => Math.Min(place.Spec.RowCount, value.Shape.RowCount);
}
