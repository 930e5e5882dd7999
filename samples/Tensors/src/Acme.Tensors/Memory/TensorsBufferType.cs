using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Memory;

namespace Acme.Tensors.Memory;

/// <summary>Memory lent by the host and seen by nobody else, in which quantised rows lie in planes.</summary>
internal sealed class TensorsBufferType(IPluginHost host, MemoryBudget budget, long largest) : IBufferType
{
    public const long Largest = 1L << 30;

    private const nuint Alignment = 64;

    public string Name => "tensors";

    public nuint BaseAlignment => Alignment;

    public nuint TensorAlignment => Alignment;

    public nuint MaxLength => (nuint)largest;

    public BufferTraits Traits => new() { Residency = Residency.Pageable };

    public nuint AllocationSize(in TensorSpec tensor) => checked((nuint)PlaneLayout.TensorBytes(tensor));

    public IBuffer Allocate(in BufferRequest request)
    {
        TensorAccess.CheckRequest(this, request);
        budget.Take(Name, (long)request.Length);
        try
        {
            return new TensorsBuffer(this, request, host.Allocate(nuint.Max(request.Length, 1), Alignment));
        }
        catch
        {
            budget.Return((long)request.Length);
            throw;
        }
    }

    internal void Released(nuint length) => budget.Return((long)length);
}
