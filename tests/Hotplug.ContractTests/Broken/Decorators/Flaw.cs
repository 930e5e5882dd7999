using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.ContractTests.Broken.Decorators;

/// <summary>What a decorated backend does differently; as it stands, nothing. One member overridden is one defect.</summary>
internal class Flaw
{
    public virtual bool AllocatesPerRun => true;

    public virtual void Start(IPluginHost host) { }

    public virtual void CheckSettings(IBackendPlugin inner, Action create) => create();

    public virtual void Stop() { }

    public virtual DeviceInfo Info(DeviceInfo inner) => inner;

    public virtual DeviceMemory Memory(IDevice inner) => inner.QueryMemory();

    public virtual Support Supports(IDevice inner, in OperationQuery query) => inner.Supports(query);

    public virtual SlicePlan Prepare(IDevice inner, GraphSlice slice) => inner.Prepare(slice);

    public virtual void Prepared(SlicePlan plan) { }

    public virtual IExecutable Compile(IDevice inner, SlicePlan plan, WeightBindings weights) => inner.Compile(plan, weights);

    public virtual nuint AllocationSize(IBufferType inner, in TensorSpec tensor) => inner.AllocationSize(tensor);

    public virtual IBuffer Allocate(IBufferType inner, in BufferRequest request) => inner.Allocate(request);

    public virtual AddressRange Range(IBuffer inner) => inner.Range;

    public virtual BufferUsage Usage(IBuffer inner) => inner.Usage;

    public virtual void Write(IBuffer inner, in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows) => inner.Write(tensor, firstRow, rows);

    public virtual void Read(IBuffer inner, in TensorRef tensor, long firstRow, Span<byte> rows) => inner.Read(tensor, firstRow, rows);

    public virtual void Clear(IBuffer inner, nuint offset, nuint length) => inner.Clear(offset, length);

    public virtual void Dispose(IDisposable inner) => inner.Dispose();

    public virtual Fence Run(IExecutable inner, in StepArguments arguments) => inner.Run(arguments);

    public virtual void KvWrite(IKvLayout inner, KvPageRef page, int layer, KvPart part, int firstCell, ReadOnlySpan<byte> rows) => inner.Write(page, layer, part, firstCell, rows);

    public virtual void KvCopy(IKvLayout inner, KvPageRef source, KvPageRef destination) => inner.Copy(source, destination);
}
