using Hotplug.PolicyMatrix.Cells;

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>
/// The rules of docs/policy-matrix.md as arithmetic over the tensors of the file. They know nothing of the product's planner: where both agree, two
/// descriptions of the same thing agree.
/// </summary>
internal static class MatrixRules
{
    private const long Page = 4096, Hole = 64 << 10, Alignment = 32;

    /// <summary>A tensor as it lies in the file.</summary>
    public readonly record struct FileTensor(string Name, long Offset, long Bytes);

    /// <summary>The row that a cell has to have.</summary>
    public static ExpectedCell Expect(Cell cell, IReadOnlyList<FileTensor> tensors)
    {
        var mac = cell.Mac.Length == 0 ? null : Mac.Of(cell.Mac);
        var largest = cell.Largest == "natural" ? long.MaxValue : long.Parse(cell.Largest);
        if (tensors.Any(t => t.Bytes > largest)) return Refused(cell, "TooLarge", "the largest allocation set for this model is");

        var ofCpu = tensors.Where(t => OnCpu(cell.Placement, t.Name)).OrderBy(t => t.Offset).ToList();
        var ofDevice = tensors.Where(t => OnDevice(cell.Placement, t.Name)).OrderBy(t => t.Offset).ToList();
        // Unified memory is the host's: what the device reads there is mapped, copied and locked as what the processor reads, apart from it, in pieces that the device can take.
        var parts = Parts(ofCpu, largest);
        if (mac is { IsUnified: true }) parts.AddRange(Parts(ofDevice, Math.Min(largest, mac.Largest)));
        var onDevice = mac is { IsUnified: true } ? 0 : ofDevice.Sum(t => t.Bytes);

        var pages = parts.Sum(p => p.Pages.Count * Page);
        var allowed = cell.Limit switch { "none" => long.MaxValue, "8MiB" => 8L << 20, _ => 0 };
        if (cell.Lock == "require")
        {
            var (codes, reasons) = (new List<string>(), new List<string>());
            if (onDevice > 0) Add("LockImpossible", $"{(mac is null ? "far" : "metal.private")} cannot tell whether its memory can be paged out");
            if (pages > allowed) Add("LockLimit", $"limit {allowed} bytes");
            if (codes.Count > 0) return Refused(cell, string.Join('+', codes), string.Join('|', reasons));

            void Add(string code, string reason)
            {
                codes.Add(code);
                reasons.Add(reason);
            }
        }
        // No limit of the matrix lies between nothing and everything.
        var locked = cell.Lock == "off" || allowed == 0 ? 0 : pages;
        var bytes = parts.Sum(p => p.Bytes);
        return new(cell, 0, "", "", parts.Count, cell.Map == "off" ? 0 : bytes, cell.Map == "off" ? bytes : 0, onDevice, locked, cell.Lock == "off" ? 0 : pages + onDevice - locked);

        List<(long Bytes, HashSet<long> Pages)> Parts(List<FileTensor> of, long most) => cell.Map == "off" ? Packed(of, most) : Runs(of, most);
    }

    /// <summary>Tensors that an operation on the processor reads. The embedding is tied: it is read at the beginning and at the end.</summary>
    private static bool OnCpu(string placement, string tensor) => placement switch
    {
        "cpu" => true,
        "far" or "metal" => false,
        "layers" => tensor == "token_embd.weight" || new[] { "blk.0.", "blk.1.", "blk.2." }.Any(tensor.StartsWith),
        _ => !tensor.Contains(".ffn_"),
    };

    private static bool OnDevice(string placement, string tensor) => placement == "layers" && tensor == "token_embd.weight" || !OnCpu(placement, tensor);

    private static ExpectedCell Refused(Cell cell, string codes, string reason) => new(cell, 3, codes, reason, null, null, null, null, null, null);

    /// <summary>Mapped: neighbours in the file share a mapping, from page to page, until it would be larger than allowed or 64 KiB of it would be unused.</summary>
    private static List<(long Bytes, HashSet<long> Pages)> Runs(List<FileTensor> tensors, long largest)
    {
        var parts = new List<(long, HashSet<long>)>();
        long start = 0, end = 0;
        HashSet<long>? pages = null;
        foreach (var tensor in tensors)
        {
            var (first, last) = (tensor.Offset / Page, (tensor.Offset + tensor.Bytes - 1) / Page);
            if (pages is not null && (Math.Max(end, (last + 1) * Page) - start > largest || first * Page - end >= Hole)) Close();
            if (pages is null) (start, pages) = (first * Page, []);
            end = Math.Max(end, (last + 1) * Page);
            for (var page = first; page <= last; page++) pages.Add(page);
        }
        if (pages is not null) Close();
        return parts;

        void Close()
        {
            parts.Add((end - start, pages!));
            pages = null;
        }
    }

    /// <summary>Copied: one behind the other, aligned as cpu and Metal ask, until a part would be larger than allowed; a part has pages of its own.</summary>
    private static List<(long Bytes, HashSet<long> Pages)> Packed(List<FileTensor> tensors, long largest)
    {
        var lengths = new List<long>();
        foreach (var tensor in tensors)
        {
            var offset = lengths.Count == 0 ? 0 : (lengths[^1] + Alignment - 1) / Alignment * Alignment;
            if (lengths.Count == 0 || offset + tensor.Bytes > largest) lengths.Add(tensor.Bytes);
            else lengths[^1] = offset + tensor.Bytes;
        }
        return [.. lengths.Select(length => (length + Page - 1) / Page).Select(count => (count * Page, new HashSet<long>(Enumerable.Range(0, (int)count).Select(i => (long)i))))];
    }
}
