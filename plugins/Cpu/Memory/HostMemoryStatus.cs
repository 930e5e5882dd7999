using System.Globalization;
using Hotplug.Abstractions.Devices;

namespace Hotplug.Cpu.Memory;

/// <summary>Memory of the machine, or of the container the process is in.</summary>
internal static class HostMemoryStatus
{
    public static DeviceMemory Read()
    {
        var info = GC.GetGCMemoryInfo();
        ulong? total = info.TotalAvailableMemoryBytes > 0 ? (ulong)info.TotalAvailableMemoryBytes : null;
        var free = Available();
        if (free is null && total is { } t && info.MemoryLoadBytes > 0) free = t - Math.Min(t, (ulong)info.MemoryLoadBytes);
        return new DeviceMemory(total, free is { } f && total is { } all ? Math.Min(f, all) : free);
    }

    // Linux tells what could be had without swapping, page cache included.
    private static ulong? Available()
    {
        try
        {
            foreach (var line in File.ReadLines("/proc/meminfo"))
                if (line.StartsWith("MemAvailable:", StringComparison.Ordinal)
                    && ulong.TryParse(line.AsSpan(13).Trim().TrimEnd("kB ").Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kib))
                    return kib * 1024;
        }
        catch (IOException) { }
        catch (UnauthorizedAccessException) { }
        return null;
    }
}
