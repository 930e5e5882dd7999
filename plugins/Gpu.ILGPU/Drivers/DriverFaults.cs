using Hotplug.Abstractions.Faults;
using Hotplug.Accelerators.Queues;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Hotplug.Gpu.Drivers;

/// <summary>Makes typed errors of what ILGPU and the drivers throw.</summary>
internal static class DriverFaults
{
    /// <summary>The error that says it best. What a driver reports after a broken context, nothing but a new context mends: the device is lost.</summary>
    public static BackendException Translate(string device, Exception exception) => exception switch
    {
        BackendException known => known,
        CudaException { Error: "CUDA_ERROR_OUT_OF_MEMORY" } => new OutOfDeviceMemoryException(device, 0),
        CudaException cuda => new DeviceLostException($"{device} is lost: CUDA reports {cuda.Error}. Exchange the backend, or start the program again.", cuda),
        CLException { Error: CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_HOST_MEMORY or CLError.CL_INVALID_BUFFER_SIZE }
            => new OutOfDeviceMemoryException(device, 0),
        CLException cl => new DeviceLostException($"{device} is lost: OpenCL reports {cl.Error}. Exchange the backend, or start the program again.", cl),
        OutOfMemoryException => new OutOfDeviceMemoryException(device, 0),
        _ => new DeviceFault(FaultKind.Defect, $"{device} failed: {exception.Message}", exception),
    };
}
