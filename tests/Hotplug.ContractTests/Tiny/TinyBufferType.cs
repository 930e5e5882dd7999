using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.ContractTests.Tiny;

/// <summary>Tensors at any byte of ranges aligned to 128 KiB; three bytes behind every row and thirteen behind every tensor.</summary>
internal sealed class TinyBufferType(TinyDevice device, nuint largest) : IBufferType
{
    public const int RowPadding = 3, TensorPadding = 13;

    public string Name => "tiny";

    public nuint BaseAlignment => 1 << 17;

    public nuint TensorAlignment => 1;

    public nuint MaxLength => largest;

    public BufferTraits Traits => new() { Residency = Residency.Unknown };

    public TinyDevice Device => device;

    public nuint AllocationSize(in TensorSpec tensor)
        => tensor.ByteLength == 0 ? 0 : checked((nuint)((tensor.RowBytes + RowPadding) * tensor.RowCount + TensorPadding));

    public IBuffer Allocate(in BufferRequest request)
    {
        device.Memory.Check();
        TensorAccess.CheckRequest(this, request);
        return new TinyBuffer(this, request, device.Memory.Allocate(request.Length));
    }
}
