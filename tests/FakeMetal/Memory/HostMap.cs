using System.Globalization;

namespace Hotplug.Metal.Fake.Memory;

/// <summary>What can be done with addresses of this process: asked of the system where it answers questions, else read from its list of mappings when this is made.</summary>
internal sealed class HostMap
{
    private readonly List<(ulong Start, ulong End, HostAccess Access)>? _ranges;

    /// <summary>On systems that do not tell, everything counts as accessible.</summary>
    public HostMap()
    {
        // The list has a thousand entries, and command buffers are many.
        if (OperatingSystem.IsLinux() && !MappingQuery.IsAvailable) _ranges = [.. File.ReadLines("/proc/self/maps").Select(Parse)];
    }

    /// <summary>The least of what can be done anywhere in a range.</summary>
    public HostAccess Of(nint start, ulong length)
    {
        if (!OperatingSystem.IsLinux()) return HostAccess.Write;
        var (at, end) = ((ulong)start, (ulong)start + length);
        var least = HostAccess.Write;
        foreach (var range in _ranges ?? MappingQuery.From(at))
        {
            if (range.End <= at) continue;
            if (range.Start > at) return HostAccess.None;
            least = range.Access < least ? range.Access : least;
            at = range.End;
            if (at >= end) return least;
        }
        return HostAccess.None;
    }

    // "start-end rwxp …", in rising order.
    private static (ulong Start, ulong End, HostAccess Access) Parse(string line)
    {
        var dash = line.IndexOf('-');
        var space = line.IndexOf(' ');
        var access = line[space + 1] != 'r' ? HostAccess.None : line[space + 2] == 'w' ? HostAccess.Write : HostAccess.Read;
        return (Hex(line.AsSpan(0, dash)), Hex(line.AsSpan(dash + 1, space - dash - 1)), access);
    }

    private static ulong Hex(ReadOnlySpan<char> text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
