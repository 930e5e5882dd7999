using System.Globalization;

namespace Hotplug.PolicyMatrix.Measuring;

/// <summary>Bytes that the process holds locked: VmLck of /proc/self/status (proc_pid_status(5)).</summary>
internal static class ProcessLocked
{
    public static long Read() => 1024 * Number("VmLck:", NumberStyles.Integer);

    /// <summary>Effective capabilities, a bit each (capabilities(7)).</summary>
    public static long Capabilities() => Number("CapEff:", NumberStyles.HexNumber);

    private static long Number(string field, NumberStyles style)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line[field.Length..].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[0], style, CultureInfo.InvariantCulture);
    }
}
