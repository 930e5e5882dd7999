namespace Hotplug.LoadBench;

/// <summary>Memory of a process at a moment, in bytes.</summary>
/// <param name="Seconds">Since the load began.</param>
/// <param name="Resident">All of it.</param>
/// <param name="Anonymous">What no file stands behind.</param>
internal sealed record MemorySample(double Seconds, long Resident, long Anonymous)
{
    /// <summary>As the system counts it now; null where the process has ended.</summary>
    public static MemorySample? Of(int process, double seconds)
    {
        try
        {
            long resident = 0, anonymous = 0;
            foreach (var line in File.ReadLines($"/proc/{process}/status"))
            {
                if (line.StartsWith("VmRSS:", StringComparison.Ordinal)) resident = Kibibytes(line) << 10;
                else if (line.StartsWith("RssAnon:", StringComparison.Ordinal)) anonymous = Kibibytes(line) << 10;
            }
            return new(seconds, resident, anonymous);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Kibibytes(string line) => long.Parse(line.AsSpan(line.IndexOf(':') + 1).TrimEnd("kB ").Trim());
}
