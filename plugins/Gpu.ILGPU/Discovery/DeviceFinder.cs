using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.Gpu.Drivers;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Hotplug.Gpu.Discovery;

/// <summary>
/// Looks for accelerators: CUDA first, then OpenCL, then the emulator, which is always there. Processors behind OpenCL and the emulator are emulations: used when
/// named, never chosen. What is found and cannot be used is listed with the reason. Opens nothing.
/// </summary>
internal sealed class DeviceFinder
{
    // dp4a came with 6.1.
    private const int LeastCapability = 61;
    private const int GpuGroup = 64;
    private const int GpuTileGroup = 256;
    private const int GroupsPerProcessor = 16;

    private readonly List<FoundDevice> _found = [];
    private readonly List<RefusedDevice> _refused = [];

    /// <summary>Devices that can be used, best first.</summary>
    public IReadOnlyList<FoundDevice> Found => _found;

    /// <summary>What was looked for or found in vain.</summary>
    public IReadOnlyList<RefusedDevice> Refused => _refused;

    /// <summary>Looks.</summary>
    public static DeviceFinder Look()
    {
        NativeDrivers.Prepare();
        var finder = new DeviceFinder();
        finder.FindCuda();
        finder.FindOpenCl();
        finder._found.Add(Emulator());
        return finder;
    }

    /// <summary>The emulator: four lanes in two warps of two, so that whatever relies on wide warps fails on it.</summary>
    public static FoundDevice Emulator()
    {
        var facts = new DriverFacts
        {
            Id = "cpu-emulation",
            Name = "ILGPU's emulator on the processor",
            Kind = DeviceKind.Emulation,
            MaxAllocation = int.MaxValue / 4096 * 4096,
            GroupSize = 4,
            TileGroupSize = 4,
            MaxGroups = 4,
            Adopts = true,
        };
        return new(facts, () => Open(facts, b => b.CPU(new CPUDevice(2, 2, 1)), _ => true));
    }

    private void FindCuda()
    {
        if (!NativeDrivers.HasCuda)
        {
            _refused.Add(new("CUDA", $"no driver: {NativeDrivers.CudaLibrary} was not found. Install NVIDIA's driver."));
            return;
        }
        Look("CUDA", b => b.Cuda(), context =>
        {
            foreach (var device in context.GetCudaDevices())
            {
                var capability = device.Architecture is { } sm ? sm.Major * 10 + sm.Minor : 0;
                if (capability < LeastCapability)
                {
                    _refused.Add(new(device.Name, $"compute capability {capability / 10}.{capability % 10}; 6.1 and up have the byte products that the kernels use."));
                    continue;
                }
                var number = _found.Count;
                var id = device.DeviceId;
                var facts = new DriverFacts
                {
                    Id = $"cuda{number}",
                    Name = $"{device.Name} (CUDA, compute capability {capability / 10}.{capability % 10})",
                    Kind = DeviceKind.Gpu,
                    PhysicalIdentity = $"pci:{device.PCIDomainId:x4}:{device.PCIBusId:x2}:{device.PCIDeviceId:x2}",
                    TotalMemory = device.MemorySize,
                    MaxAllocation = device.MemorySize / 4096 * 4096,
                    // Where the driver pages device memory, nobody can say what stays.
                    Residency = OperatingSystem.IsLinux() ? Residency.Resident : Residency.Unknown,
                    GroupSize = GpuGroup,
                    TileGroupSize = GpuTileGroup,
                    MaxGroups = device.NumMultiprocessors * GroupsPerProcessor,
                    ReportsFree = true,
                };
                _found.Add(new(facts, () => Open(facts, b => b.Cuda(), d => d is CudaDevice cuda && cuda.DeviceId == id)));
            }
        });
    }

    private void FindOpenCl()
    {
        if (!NativeDrivers.HasOpenCl)
        {
            _refused.Add(new("OpenCL", $"no loader: {NativeDrivers.OpenClLibrary} was not found. Install the graphics driver's OpenCL package (Debian: ocl-icd-libopencl1 and the vendor's ICD)."));
            return;
        }
        Look("OpenCL", b => b.OpenCL(_ => true), context =>
        {
            var (gpus, processors) = (0, 0);
            foreach (var device in context.GetCLDevices())
            {
                if (WhyNot(device) is { } reason)
                {
                    _refused.Add(new(device.Name, reason));
                    continue;
                }
                var processor = device.DeviceType == CLDeviceType.CL_DEVICE_TYPE_CPU;
                var platform = device.PlatformId;
                var id = device.DeviceId;
                var facts = new DriverFacts
                {
                    Id = processor ? $"opencl-cpu{(processors++ is 0 ? "" : $"{processors}")}" : $"opencl{gpus++}",
                    Name = $"{device.Name} (OpenCL {device.DeviceVersion.Major}.{device.DeviceVersion.Minor}, {device.PlatformName})",
                    Kind = processor ? DeviceKind.Emulation : HasHostMemory(device) ? DeviceKind.IntegratedGpu : DeviceKind.Gpu,
                    PhysicalIdentity = processor ? null : PciAddress(device),
                    TotalMemory = device.MemorySize,
                    MaxAllocation = device.GetDeviceInfo<long>(CLDeviceInfoType.CL_DEVICE_MAX_MEM_ALLOC_SIZE) / 4096 * 4096,
                    GroupSize = Math.Min(GpuGroup, LargestGroup(device.MaxNumThreadsPerGroup)),
                    TileGroupSize = Math.Min(GpuTileGroup, LargestGroup(device.MaxNumThreadsPerGroup)),
                    MaxGroups = device.NumMultiprocessors * GroupsPerProcessor,
                };
                _found.Add(new(facts, () => Open(facts, b => b.OpenCL(_ => true), d => d is CLDevice cl && cl.PlatformId == platform && cl.DeviceId == id)));
            }
        });
    }

    private static string? WhyNot(CLDevice device)
        => device.DeviceVersion.Major < 2 ? $"OpenCL {device.DeviceVersion.Major}.{device.DeviceVersion.Minor}; 2.0 is needed. Install a newer driver."
            : !device.Capabilities.GenericAddressSpace ? "OpenCL without the generic address space, which the compiled kernels need. Install a newer driver."
            : device.DeviceType is not (CLDeviceType.CL_DEVICE_TYPE_CPU or CLDeviceType.CL_DEVICE_TYPE_GPU or CLDeviceType.CL_DEVICE_TYPE_ACCELERATOR) ? $"an OpenCL device of kind {device.DeviceType}"
            : device.MaxNumThreadsPerGroup < 4 ? $"groups of at most {device.MaxNumThreadsPerGroup} lanes; 4 are needed" : null;

    private void Look(string api, Action<Context.Builder> enable, Action<Context> read)
    {
        try
        {
            using var context = Context.Create(enable);
            var before = _found.Count + _refused.Count;
            read(context);
            if (_found.Count + _refused.Count == before) _refused.Add(new(api, "the driver is there and names no device."));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _refused.Add(new(api, $"the driver failed: {exception.Message}"));
        }
    }

    private static IlgpuDriver Open(DriverFacts facts, Action<Context.Builder> enable, Func<Device, bool> wanted)
    {
        var context = Context.Create(enable);
        try
        {
            foreach (var device in context.Devices)
                if (wanted(device)) return new IlgpuDriver(facts, context, device);
            throw new Abstractions.Faults.DeviceLostException($"{facts.Id} ({facts.Name}) was there when devices were listed, and is gone.");
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    private static int LargestGroup(int most)
    {
        var group = 4;
        while (group * 4 <= most) group *= 4;
        return group;
    }

    private static bool HasHostMemory(CLDevice device)
    {
        const int hostUnifiedMemory = 0x1035;
        return device.GetDeviceInfo((CLDeviceInfoType)hostUnifiedMemory, out int unified) == CLError.CL_SUCCESS && unified != 0;
    }

    // NVIDIA's extension; others have no common one.
    private static string? PciAddress(CLDevice device)
    {
        const int bus = 0x4008, slot = 0x4009, domain = 0x400A;
        return device.GetDeviceInfo((CLDeviceInfoType)bus, out int b) == CLError.CL_SUCCESS && device.GetDeviceInfo((CLDeviceInfoType)slot, out int s) == CLError.CL_SUCCESS
            ? $"pci:{(device.GetDeviceInfo((CLDeviceInfoType)domain, out int d) == CLError.CL_SUCCESS ? d : 0):x4}:{b:x2}:{s >> 3:x2}"
            : null;
    }
}
