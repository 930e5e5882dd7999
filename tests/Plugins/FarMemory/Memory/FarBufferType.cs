using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.FarMemory.Faults;

namespace Hotplug.FarMemory.Memory;

/// <summary>A way in which the device stores tensors: in its private layout, or in the standard one.</summary>
internal sealed class FarBufferType(FarDevice device, string name, nuint tensorAlignment, RowLayout layout) : IBufferType
{
    public FarDevice Device => device;

    public RowLayout Layout => layout;

    public string Name => name;

    // Tensors are aligned more widely than buffers, which is legal and rarely thought of.
    public nuint BaseAlignment => 256;

    public nuint TensorAlignment => tensorAlignment;

    public nuint MaxLength => device.Settings.Faults.At(FarCall.BufferTypeFacts) ? 0 : (nuint)device.Settings.MaxAllocation;

    public BufferTraits Traits => new() { StandardLayout = layout is PlainRows, Residency = Residency.Unknown };

    public nuint AllocationSize(in TensorSpec tensor) => device.Settings.Faults.At(FarCall.AllocationSize) ? nuint.MaxValue : layout.Size(tensor);

    public IBuffer Allocate(in BufferRequest request)
    {
        if (device.Settings.Faults.At(FarCall.Allocate)) return null!;
        TensorAccess.CheckRequest(this, request);
        lock (device.Queue.Gate)
        {
            device.CountAllocation();
            return new FarBuffer(this, request, request.Length == 0 ? 0 : device.Heap.Allocate(name, request.Length));
        }
    }
}
