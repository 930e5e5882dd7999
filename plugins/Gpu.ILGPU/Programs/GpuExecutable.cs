using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace Hotplug.Gpu.Programs;

/// <summary>A compiled slice: launches in order, started by the device's thread, which then waits for the device and completes the fence.</summary>
internal sealed class GpuExecutable : IExecutable
{
    private readonly Stack<StepWork> _idle = new();
    private readonly RopeTable[] _rotations;
    private readonly RopeTable[] _shifts;
    private readonly GpuStep _step;
    private readonly int _tableBytes;
    private Launch[] _launches = [];
    private bool _disposed;

    public GpuExecutable(GpuPlan plan, WeightBindings weights)
    {
        Plan = plan;
        var places = plan.Slice.Weights.Select(w => weights[w]).ToArray();
        _rotations = [.. plan.Layout.TableShape.Rotations.Select(k => Table(k, weights))];
        _shifts = [.. plan.Layout.TableShape.Shifts.Select(k => Table(k, weights))];
        _tableBytes = checked((int)plan.Layout.TableShape.MaxBytes);
        GpuStep? step = null;
        // Kernels are compiled on the device's thread, like everything that calls the driver.
        plan.Device.Thread.Run(() =>
        {
            step = new GpuStep(plan, [.. places.Select(Bound)]);
            _launches = new ProgramBuilder(plan).Build();
        });
        _step = step!;
    }

    public GpuPlan Plan { get; }

    public Fence Run(in StepArguments arguments)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        arguments.Cancellation.ThrowIfCancellationRequested();
        var work = Idle();
        try
        {
            work.Take(arguments);
            return Plan.Device.Thread.Submit(work);
        }
        catch
        {
            work.Completed();
            throw;
        }
    }

    /// <summary>Does a run, on the device's thread.</summary>
    public void Execute(StepWork work)
    {
        var thread = Plan.Device.Thread;
        try
        {
            _step.Begin(work);
            var staging = thread.StagingFor(_tableBytes);
            work.Table.CopyTo(staging.Bytes(0));
            thread.Driver.Upload(staging.Half(0), _step.TableMemory.SubView(0, work.Table.SendBytes));
            foreach (var launch in _launches)
            {
                work.Cancellation.ThrowIfCancellationRequested();
                launch.Start(_step);
            }
        }
        finally
        {
            try
            {
                // What was started uses the step's buffers and the staging memory, also after a failure.
                thread.Driver.Synchronize();
            }
            finally
            {
                _step.End();
            }
        }
    }

    /// <summary>Takes a work back that is done.</summary>
    public void Recycle(StepWork work)
    {
        lock (_idle) _idle.Push(work);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Plan.Device.Thread.Drain();
        _launches = [];
    }

    private StepWork Idle()
    {
        lock (_idle)
            if (_idle.TryPop(out var work)) return work;
        return new StepWork(Plan.Layout, new StepTable(Plan.Layout.TableShape, _rotations, _shifts), Execute, Recycle);
    }

    private static ArrayView<byte> Bound(TensorRef tensor)
    {
        var bytes = (long)tensor.Buffer.Type.AllocationSize(tensor.Spec);
        return bytes == 0 ? default : ((GpuBuffer)tensor.Buffer).View.SubView((long)tensor.Offset, bytes);
    }

    // The factors of a rotation are a weight; its table is computed on the host.
    private static RopeTable Table(RopeKey key, WeightBindings weights)
    {
        if (key.Factors is not { } factors) return new RopeTable(key.Parameters, []);
        var place = weights[factors];
        var values = new float[place.Spec.Shape.ElementCount];
        place.Buffer.Read(place, 0, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        return new RopeTable(key.Parameters, values);
    }
}
