using System.Diagnostics;
using System.Globalization;

namespace Hotplug.Cli.Output;

/// <summary>Memory of this process as the system counts it, in bytes.</summary>
internal static class ProcessMemory
{
    public static long Resident => Status("VmRSS") ?? Environment.WorkingSet;

    public static long PeakResident
    {
        get
        {
            if (Status("VmHWM") is { } peak) return peak;
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>What no file stands behind; 0 where the system does not say.</summary>
    public static long Anonymous => Status("RssAnon") ?? 0;

    private static long? Status(string name)
    {
        if (!OperatingSystem.IsLinux()) return null;
        foreach (var line in File.ReadLines("/proc/self/status"))
            if (line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] == ':')
                return long.Parse(line.AsSpan(name.Length + 1).TrimEnd("kB ").Trim(), CultureInfo.InvariantCulture) * 1024;
        return null;
    }
}
