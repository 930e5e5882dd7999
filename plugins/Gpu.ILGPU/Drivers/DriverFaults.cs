using System.Collections.Frozen;
using Hotplug.Abstractions.Faults;
using Hotplug.Accelerators.Queues;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Hotplug.Gpu.Drivers;

/// <summary>Makes typed errors of what ILGPU and the drivers throw.</summary>
internal static class DriverFaults
{
    // What a driver refuses without harm to the context: a kernel that it cannot compile or start, an argument that it does not take.
    private static readonly FrozenSet<string> CudaRefusals = FrozenSet.ToFrozenSet(
    [
        "CUDA_ERROR_INVALID_VALUE", "CUDA_ERROR_INVALID_IMAGE", "CUDA_ERROR_INVALID_PTX", "CUDA_ERROR_INVALID_SOURCE", "CUDA_ERROR_INVALID_HANDLE", "CUDA_ERROR_NO_BINARY_FOR_GPU",
        "CUDA_ERROR_NOT_FOUND", "CUDA_ERROR_NOT_SUPPORTED", "CUDA_ERROR_NOT_PERMITTED",
        // No compiler for PTX, and PTX that is too new: ILGPU has no names for these.
        "221", "222",
        "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED", "CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED", "CUDA_ERROR_OUT_OF_MEMORY",
    ]);

    /// <summary>True if the driver refused a call, and goes on working.</summary>
    public static bool IsRefusal(CudaException exception) => CudaRefusals.Contains(exception.Error);

    private static bool IsRefusal(CLError error) => error is CLError.CL_BUILD_PROGRAM_FAILURE or CLError.CL_COMPILE_PROGRAM_FAILURE or CLError.CL_LINK_PROGRAM_FAILURE
        or CLError.CL_COMPILER_NOT_AVAILABLE or CLError.CL_LINKER_NOT_AVAILABLE or CLError.CL_INVALID_BINARY or CLError.CL_INVALID_BUILD_OPTIONS or CLError.CL_INVALID_COMPILER_OPTIONS
        or CLError.CL_INVALID_PROGRAM or CLError.CL_INVALID_PROGRAM_EXECUTABLE or CLError.CL_INVALID_KERNEL or CLError.CL_INVALID_KERNEL_NAME or CLError.CL_INVALID_KERNEL_DEFINITION
        or CLError.CL_INVALID_KERNEL_ARGS or CLError.CL_INVALID_ARG_INDEX or CLError.CL_INVALID_ARG_SIZE or CLError.CL_INVALID_ARG_VALUE or CLError.CL_INVALID_VALUE
        or CLError.CL_INVALID_WORK_DIMENSION or CLError.CL_INVALID_WORK_GROUP_SIZE or CLError.CL_INVALID_WORK_ITEM_SIZE or CLError.CL_INVALID_GLOBAL_OFFSET;

    /// <summary>The error that says it best. What a driver reports after a broken context, nothing but a new context mends: the device is lost.</summary>
    public static BackendException Translate(string device, Exception exception) => exception switch
    {
        BackendException known => known,
        CudaException { Error: "CUDA_ERROR_OUT_OF_MEMORY" } => new OutOfDeviceMemoryException(device, 0),
        CudaException cuda when IsRefusal(cuda) => new DeviceFault(FaultKind.Defect, $"{device} failed: CUDA refuses a kernel or a call with {cuda.Error}.", cuda),
        CudaException cuda => new DeviceLostException($"{device} is lost: CUDA reports {cuda.Error}. Exchange the backend, or start the program again.", cuda),
        CLException { Error: CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_HOST_MEMORY or CLError.CL_INVALID_BUFFER_SIZE }
            => new OutOfDeviceMemoryException(device, 0),
        CLException cl when IsRefusal(cl.Error) => new DeviceFault(FaultKind.Defect, $"{device} failed: OpenCL refuses a kernel or a call with {cl.Error}.", cl),
        CLException cl => new DeviceLostException($"{device} is lost: OpenCL reports {cl.Error}. Exchange the backend, or start the program again.", cl),
        OutOfMemoryException => new OutOfDeviceMemoryException(device, 0),
        _ => new DeviceFault(FaultKind.Defect, $"{device} failed: {exception.Message}", exception),
    };
}
