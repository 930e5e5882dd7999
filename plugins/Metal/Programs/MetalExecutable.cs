using System.Runtime.InteropServices;
using Hotplug.Abstractions.Execution;
using Hotplug.Accelerators.Programs;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Programs;

/// <summary>A compiled slice: one command buffer per run, recorded by the device's thread, which then waits for it and completes the fence.</summary>
internal sealed class MetalExecutable : IExecutable
{
    private readonly Stack<StepWork> _idle = new();
    private readonly MetalPlan _plan;
    private readonly RopeTable[] _rotations;
    private readonly RopeTable[] _shifts;
    private readonly MetalStep _step;
    private readonly bool[] _barriers;
    private Launch[] _launches = [];
    private bool _disposed;

    public MetalExecutable(MetalPlan plan, WeightBindings weights)
    {
        _plan = plan;
        var places = plan.Slice.Weights.Select(w => weights[w]).ToArray();
        _rotations = [.. plan.Layout.TableShape.Rotations.Select(k => Table(k, weights))];
        _shifts = [.. plan.Layout.TableShape.Shifts.Select(k => Table(k, weights))];
        _step = new MetalStep(plan, [.. places.Select(p => MetalStep.Bound(p))]);
        // Kernels are compiled on the device's thread, like everything that works on it.
        plan.Device.Thread.Run(() => _launches = new ProgramBuilder(plan).Build());
        _barriers = BarrierPlan.Of(_launches);
    }

    public Fence Run(in StepArguments arguments)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        arguments.Cancellation.ThrowIfCancellationRequested();
        var work = Idle();
        try
        {
            work.Take(arguments);
            return _plan.Device.Thread.Submit(work);
        }
        catch
        {
            work.Completed();
            throw;
        }
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _plan.Device.Thread.Drain();
        _launches = [];
    }

    private void Execute(StepWork work)
    {
        var driver = _plan.Device.Thread.Driver;
        // A copy that failed says so before anything is computed from it.
        _plan.Device.Thread.Settle();
        _step.Begin(work);
        try
        {
            using var pool = driver.Device.Runtime.Pool();
            using var commands = driver.NewCommandBuffer();
            SendTable(work, commands);
            using (var encoder = commands.Compute(MTLDispatchType.Concurrent))
            {
                for (var i = 0; i < _launches.Length; i++)
                {
                    work.Cancellation.ThrowIfCancellationRequested();
                    if (_barriers[i]) encoder.Barrier();
                    _launches[i].Encode(_step, encoder);
                }
            }
            driver.Finish(commands);
        }
        finally
        {
            _step.End();
        }
    }

    // To memory that the host sees it is copied; elsewhere the device copies it first. Metal orders the encoders of a command buffer by itself.
    private unsafe void SendTable(StepWork work, Interop.Objects.MetalCommandBuffer commands)
    {
        var (block, place) = (_step.TableBlock, _plan.Layout.Table);
        if (block.TryGetPointer(out var pointer))
        {
            work.Table.CopyTo(new Span<byte>((byte*)pointer + place.Offset, checked((int)place.Length)));
            return;
        }
        var staging = _plan.Device.Thread.StagingFor(place.Length);
        staging.Settle();
        work.Table.CopyTo(staging.Bytes);
        using var blit = commands.Blit();
        blit.Copy(staging.Buffer, 0, block.Memory!, (ulong)place.Offset, (ulong)work.Table.SendBytes);
    }

    private StepWork Idle()
    {
        lock (_idle)
            if (_idle.TryPop(out var work)) return work;
        return new StepWork(_plan.Layout, new StepTable(_plan.Layout.TableShape, _rotations, _shifts), Execute, Recycle);
    }

    private void Recycle(StepWork work)
    {
        lock (_idle) _idle.Push(work);
    }

    // The factors of a rotation are a weight; its table is computed on the host.
    private static RopeTable Table(RopeKey key, WeightBindings weights)
    {
        if (key.Factors is not { } factors) return new RopeTable(key.Parameters, []);
        var place = weights[factors];
        var values = new float[place.Spec.Shape.ElementCount];
        place.Buffer.Read(place, 0, MemoryMarshal.AsBytes(values.AsSpan()));
        return new RopeTable(key.Parameters, values);
    }
}
