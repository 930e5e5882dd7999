using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace Hotplug.Gpu.Discovery;

/// <summary>The drivers' libraries. ILGPU asks for names that only development packages install; what a machine has is the versioned name.</summary>
internal static class NativeDrivers
{
    private static readonly string[] CudaNames = OperatingSystem.IsWindows() ? ["nvcuda.dll"] : ["libcuda.so.1", "libcuda.so"];
    private static readonly string[] OpenClNames = OperatingSystem.IsWindows() ? ["OpenCL.dll"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"] : ["libOpenCL.so.1", "libOpenCL.so"];

    static NativeDrivers()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
        }
        catch (InvalidOperationException)
        {
            // ILGPU has set one of its own, as it does under WSL.
        }
    }

    /// <summary>True if the CUDA driver is there.</summary>
    public static bool HasCuda => TryLoad(CudaNames, out _);

    /// <summary>True if an OpenCL loader is there.</summary>
    public static bool HasOpenCl => TryLoad(OpenClNames, out _);

    /// <summary>What is looked for, for people.</summary>
    public static string CudaLibrary => CudaNames[0];

    /// <summary>What is looked for, for people.</summary>
    public static string OpenClLibrary => OpenClNames[0];

    /// <summary>Counts OpenCL devices that are not processors, without opening any.</summary>
    public static unsafe int CountOpenClAccelerators()
    {
        const int deviceTypeAccelerators = 4 | 8;
        if (!TryLoad(OpenClNames, out var library)
            || !NativeLibrary.TryGetExport(library, "clGetPlatformIDs", out var platformsOf) || !NativeLibrary.TryGetExport(library, "clGetDeviceIDs", out var devicesOf))
            return 0;
        var getPlatforms = (delegate* unmanaged<uint, nint*, uint*, int>)platformsOf;
        var getDevices = (delegate* unmanaged<nint, ulong, uint, nint*, uint*, int>)devicesOf;
        uint count;
        if (getPlatforms(0, null, &count) != 0 || count is 0 or > 64) return 0;
        var platforms = stackalloc nint[(int)count];
        if (getPlatforms(count, platforms, null) != 0) return 0;
        var devices = 0;
        for (var i = 0; i < count; i++)
        {
            uint found;
            if (getDevices(platforms[i], deviceTypeAccelerators, 0, null, &found) == 0) devices += (int)found;
        }
        return devices;
    }

    /// <summary>Has the class initialised, so that ILGPU finds the libraries.</summary>
    public static void Prepare() { }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        var names = name switch { "cuda" or "nvcuda" => CudaNames, "OpenCL" => OpenClNames, _ => [] };
        return TryLoad(names, out var library) ? library : 0;
    }

    private static bool TryLoad(string[] names, out nint library)
    {
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, out library)) return true;
        library = 0;
        return false;
    }
}
