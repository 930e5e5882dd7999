using System.Globalization;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Runtime.Memory.Interop;

/// <summary>Reads Linux's /proc/PID/smaps (proc_pid_smaps(5)).</summary>
internal static class ProcessMaps
{
    /// <summary>The mappings that touch <paramref name="range"/>, cut to it, in order of address.</summary>
    public static List<RegionMeasure> Read(string path, AddressRange range)
    {
        using var reader = new StreamReader(path);
        return Parse(reader, range);
    }

    /// <summary>The same from text. Bytes of a mapping that reaches beyond the range are counted as if spread evenly.</summary>
    public static List<RegionMeasure> Parse(TextReader reader, AddressRange range)
    {
        var measures = new List<RegionMeasure>();
        var inside = false;
        AddressRange whole = default;
        bool file = false, accessible = false, locked = false;
        nuint resident = 0, lockedResident = 0;
        while (reader.ReadLine() is { } line)
        {
            if (TryHeader(line, out var start, out var end, out var readable, out var inode))
            {
                Close();
                if (start >= range.End)
                    return measures;
                inside = end > range.Start;
                whole = new AddressRange(start, end - start);
                (file, accessible, locked, resident, lockedResident) = (inode, readable, false, 0, 0);
            }
            else if (!inside)
                continue;
            else if (line.StartsWith("Rss:", StringComparison.Ordinal))
                resident = Kilobytes(line.AsSpan(4));
            else if (line.StartsWith("Locked:", StringComparison.Ordinal))
                lockedResident = Kilobytes(line.AsSpan(7));
            else if (line.StartsWith("VmFlags:", StringComparison.Ordinal))
                locked = (line + " ").Contains(" lo ", StringComparison.Ordinal);
        }
        Close();
        return measures;

        void Close()
        {
            if (!inside)
                return;
            inside = false;
            var from = nuint.Max(whole.Start, range.Start);
            var to = nuint.Min(whole.End, range.End);
            measures.Add(new RegionMeasure(new AddressRange(from, to - from), file, accessible, locked, Share(resident), Share(lockedResident)));

            nuint Share(nuint bytes) => whole.Length == to - from ? bytes : (nuint)((UInt128)bytes * (to - from) / whole.Length);
        }
    }

    /// <summary>Bytes of a value such as <c>"  12 kB"</c>.</summary>
    public static nuint Kilobytes(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var unit = text.IndexOf(' ');
        return nuint.Parse(unit < 0 ? text : text[..unit], CultureInfo.InvariantCulture) * 1024;
    }

    // 7f5c8a000000-7f5c8a021000 rw-p 00000000 00:00 0    [name]
    private static bool TryHeader(string line, out nuint start, out nuint end, out bool readable, out bool file)
    {
        (start, end, readable, file) = (0, 0, false, false);
        var dash = line.IndexOf('-');
        var space = line.IndexOf(' ');
        if (dash <= 0 || space < dash
            || !nuint.TryParse(line.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out start)
            || !nuint.TryParse(line.AsSpan(dash + 1, space - dash - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out end))
            return false;
        var fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 5)
            return false;
        (readable, file) = (fields[1][0] == 'r', fields[4] != "0");
        return true;
    }
}
