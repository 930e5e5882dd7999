using System.Globalization;

namespace Hotplug.Metal.Fake.Memory;

/// <summary>The mappings of this process: as they are when they are asked for, and on systems that cannot be asked as they were when this was made.</summary>
internal sealed class HostMap
{
    private readonly List<(ulong Start, ulong End, HostAccess Access)> _ranges = [];
    private readonly bool _known;

    /// <summary>Reads them. On systems that do not tell, everything counts as accessible.</summary>
    public HostMap()
    {
        if (!OperatingSystem.IsLinux()) return;
        _known = true;
        if (MapQuery.IsThere) return;
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            // "start-end rwxp …", in rising order.
            var dash = line.IndexOf('-');
            var space = line.IndexOf(' ');
            var access = line[space + 1] != 'r' ? HostAccess.None : line[space + 2] == 'w' ? HostAccess.Write : HostAccess.Read;
            _ranges.Add((Hex(line.AsSpan(0, dash)), Hex(line.AsSpan(dash + 1, space - dash - 1)), access));
        }
    }

    /// <summary>The least of what can be done anywhere in a range.</summary>
    public HostAccess Of(nint start, ulong length)
    {
        if (!_known) return HostAccess.Write;
        var (at, end) = ((ulong)start, (ulong)start + length);
        var least = HostAccess.Write;
        if (MapQuery.IsThere)
        {
            while (at < end)
            {
                if (!MapQuery.TryFind(at, out var next, out var access)) return HostAccess.None;
                (at, least) = (next, access < least ? access : least);
            }
            return least;
        }
        foreach (var range in _ranges)
        {
            if (range.End <= at) continue;
            if (range.Start > at) return HostAccess.None;
            least = range.Access < least ? range.Access : least;
            at = range.End;
            if (at >= end) return least;
        }
        return HostAccess.None;
    }

    private static ulong Hex(ReadOnlySpan<char> text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
