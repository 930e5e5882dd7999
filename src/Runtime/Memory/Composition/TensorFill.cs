using System.Runtime.InteropServices;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Faults;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>
/// Reads the tensors that are not mapped: straight into host memory where the buffer keeps the standard layout without padding, otherwise row
/// by row through one staging area of a few MiB and the buffer's own <c>Write</c>.
/// </summary>
internal sealed unsafe class TensorFill(CompositionPlan plan, IReadOnlyList<WeightFile> files, List<BufferAllocation> buffers, ProgressMeter meter, IDeviceCalls calls, CancellationToken cancellation)
{
    private const int Step = 4 << 20;

    public void Run()
    {
        var copies = plan.Tensors.Where(tensor => tensor.Map != MapFate.Mapped && tensor.Bytes != 0).OrderBy(tensor => tensor.Part).ThenBy(tensor => tensor.Offset).ToList();
        var room = copies.Where(tensor => !IsDirect(tensor)).Select(StagingOf).DefaultIfEmpty(0).Max();
        var staging = room == 0 ? null : NativeMemory.Alloc((nuint)room);
        try
        {
            foreach (var tensor in copies)
            {
                if (IsDirect(tensor))
                    ReadInto(tensor);
                else
                    // The staging area has room for StagingOf of each of these tensors.
                    WriteRows(tensor, (byte*)staging, StagingOf(tensor));
            }
        }
        finally
        {
            // A write that was given up may still be reading it.
            if (!plan.Parts.Any(part => calls.IsHung(part.Device))) NativeMemory.Free(staging);
        }
    }

    private bool IsDirect(PlannedTensor tensor)
    {
        var traits = plan.Parts[tensor.Part].Facts.Traits;
        return traits is { HostVisible: true, StandardLayout: true } && tensor.Size == (nuint)tensor.Bytes;
    }

    /// <summary>Whole rows, at least one; a row has at most 1 GiB, as the plan made sure.</summary>
    private static int StagingOf(PlannedTensor tensor)
    {
        var row = tensor.Spec.RowBytes;
        return (int)Math.Min(tensor.Bytes, Math.Max(1, Step / row) * row);
    }

    private void ReadInto(PlannedTensor tensor)
    {
        var part = plan.Parts[tensor.Part];
        // The tensor lies within the committed part: offset + size ≤ part length, as the plan made sure.
        var target = (byte*)buffers[tensor.Part].Range.Start + tensor.Offset;
        for (long at = 0; at < tensor.Bytes;)
        {
            cancellation.ThrowIfCancellationRequested();
            var bytes = (int)Math.Min(Step, tensor.Bytes - at);
            files[tensor.File].Read(new Span<byte>(target + at, bytes), tensor.FileOffset + at);
            at += bytes;
            meter.Add(LoadStage.Copying, part, bytes);
        }
    }

    private void WriteRows(PlannedTensor tensor, byte* staging, int room)
    {
        var part = plan.Parts[tensor.Part];
        var buffer = buffers[tensor.Part].Buffer;
        var reference = new TensorRef(buffer, tensor.Offset, tensor.Spec);
        var row = tensor.Spec.RowBytes;
        for (long at = 0; at < tensor.Bytes;)
        {
            cancellation.ThrowIfCancellationRequested();
            var (first, bytes) = (at / row, (int)Math.Min(room, tensor.Bytes - at));
            files[tensor.File].Read(new Span<byte>(staging, bytes), tensor.FileOffset + at);
            calls.Run(part.Device, $"writing {tensor.Spec}", () =>
            {
                try
                {
                    buffer.Write(reference, first, new ReadOnlySpan<byte>(staging, bytes));
                }
                catch (Exception exception)
                {
                    throw BackendCall.Translate(part.TypeName, $"writing {tensor.Spec}", exception);
                }
            });
            at += bytes;
            meter.Add(part.Backing == PartBacking.Device ? LoadStage.Uploading : LoadStage.Copying, part, bytes);
        }
    }
}
