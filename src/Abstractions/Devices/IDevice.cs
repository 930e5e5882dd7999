using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Abstractions.Devices;

/// <summary>
/// One device of a backend. The host serialises calls on a device, buffers and executables included; only <see cref="Info"/>,
/// <see cref="BufferTypes"/>, <see cref="QueryMemory"/>, <see cref="Supports"/> and the members of <see cref="Fence"/> may be called from any thread at any time.
/// A device lives as long as its backend.
/// </summary>
public interface IDevice
{
    /// <summary>What the device is; constant.</summary>
    DeviceInfo Info { get; }

    /// <summary>Asks for total and free memory. Cheap; never throws for a lost device, which reports unknown.</summary>
    DeviceMemory QueryMemory();

    /// <summary>The buffer types, in order of preference for weights; constant, at least one.</summary>
    IReadOnlyList<IBufferType> BufferTypes { get; }

    /// <summary>
    /// Says whether the device can run an operation. Pure: the same question has the same answer for the life of the backend, and
    /// after a yes <see cref="Compile"/> and <see cref="IExecutable.Run"/> fail only for lack of memory, a lost device or cancellation.
    /// </summary>
    Support Supports(in OperationQuery query);

    /// <summary>Chooses the layout of a KV cache. Pure; allocates nothing.</summary>
    /// <exception cref="UnsupportedException">A type of the cache is not among <see cref="DeviceInfo.KvTypes"/>.</exception>
    IKvLayout PrepareKvCache(KvCacheSpec spec);

    /// <summary>Works out how to run a slice, and what memory it takes. Allocates no device memory and keeps nothing but what the plan holds.</summary>
    /// <exception cref="UnsupportedException">The slice has an operation to which <see cref="Supports"/> says no.</exception>
    SlicePlan Prepare(GraphSlice slice);

    /// <summary>
    /// Makes a plan runnable with its weights. The bindings' buffers outlive the executable; the executable must be disposed before
    /// its backend. May be called several times with one plan.
    /// </summary>
    /// <param name="plan">A plan that this device made.</param>
    /// <param name="weights">A tensor for every weight of the slice, each in a buffer of a type that <see cref="Supports"/> accepted.</param>
    /// <exception cref="OutOfDeviceMemoryException">No room. Nothing is held.</exception>
    /// <exception cref="DeviceLostException">The device is gone.</exception>
    IExecutable Compile(SlicePlan plan, WeightBindings weights);
}
