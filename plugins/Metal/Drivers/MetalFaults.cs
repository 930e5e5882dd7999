using Hotplug.Abstractions.Faults;
using Hotplug.Accelerators.Queues;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Drivers;

/// <summary>Makes typed errors of what Metal reports.</summary>
internal static class MetalFaults
{
    /// <summary>The error that says it best.</summary>
    public static BackendException Translate(string device, Exception exception) => exception switch
    {
        BackendException known => known,
        CommandBufferException { Code: MTLCommandBufferError.OutOfMemory } => new OutOfDeviceMemoryException(device, 0),
        CommandBufferException { Code: MTLCommandBufferError.Timeout } timeout => new DeviceFault(FaultKind.TimedOut, $"{device} took too long and was stopped: {timeout.Message}. Use shorter steps.", timeout),
        // The work was wrong, not the device: the next command buffer may do.
        CommandBufferException { Code: MTLCommandBufferError.PageFault or MTLCommandBufferError.InvalidResource or MTLCommandBufferError.Memoryless or MTLCommandBufferError.StackOverflow } defect
            => new DeviceFault(FaultKind.Defect, $"{device} could not do the work it was given: {defect.Message}.", defect),
        CommandBufferException lost => new DeviceLostException($"{device} is lost: {lost.Message}. Exchange the backend, or start the program again.", lost),
        // What Metal makes it makes always, unless there is no memory left; only compilers have something to say.
        MetalException { Error: null } => new OutOfDeviceMemoryException(device, 0),
        OutOfMemoryException => new OutOfDeviceMemoryException(device, 0),
        _ => new DeviceFault(FaultKind.Defect, $"{device} failed: {exception.Message}", exception),
    };
}
