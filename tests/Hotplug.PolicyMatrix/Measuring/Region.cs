using System.Globalization;

namespace Hotplug.PolicyMatrix.Measuring;

/// <summary>A mapping of the process as /proc/self/maps or smaps lists it (proc_pid_smaps(5)). Written apart from the product's own reader, to hold it to account.</summary>
/// <param name="Start">First address.</param>
/// <param name="End">Address behind the last.</param>
/// <param name="Permissions">Such as <c>r--s</c>.</param>
/// <param name="Offset">Offset in the file.</param>
/// <param name="Path">The file, or empty.</param>
public sealed record Region(ulong Start, ulong End, string Permissions, long Offset, string Path)
{
    /// <summary>Bytes in physical memory.</summary>
    public long Resident { get; init; }

    /// <summary>Bytes of <c>Locked:</c>, a page that is mapped several times by its share.</summary>
    public long Locked { get; init; }

    /// <summary>True with the flag <c>lo</c>.</summary>
    public bool IsLocked { get; init; }

    /// <summary>Reads all mappings. From maps the fields of smaps stay 0.</summary>
    public static List<Region> Read(string path)
    {
        var regions = new List<Region>();
        foreach (var line in File.ReadLines(path))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0].EndsWith(':'))
            {
                var last = regions[^1];
                regions[^1] = words[0] switch
                {
                    "Rss:" => last with { Resident = Kilobytes(words) },
                    "Locked:" => last with { Locked = Kilobytes(words) },
                    "VmFlags:" => last with { IsLocked = words.Contains("lo") },
                    _ => last,
                };
                continue;
            }
            var dash = words[0].IndexOf('-');
            regions.Add(new(Hex(words[0][..dash]), Hex(words[0][(dash + 1)..]), words[1], (long)Hex(words[2]), words.Length > 5 ? string.Join(' ', words[5..]) : ""));
        }
        return regions;
    }

    private static long Kilobytes(string[] words) => 1024 * long.Parse(words[1], CultureInfo.InvariantCulture);

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
