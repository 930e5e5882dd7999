using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace Hotplug.Cli.Roofline;

/// <summary>What the host's memory costs at the first touch, in seconds per page of 4 KiB: pages that the system has to make, and pages of a mapped file that are in its cache.</summary>
internal static class PageProbe
{
    private const int Page = 4096, Most = 64 << 20, Tries = 5;

    /// <summary>Fresh memory.</summary>
    public static double FreshPage()
    {
        var best = double.MaxValue;
        for (var i = 0; i < Tries; i++)
        {
            // Mapped and not from a heap, which may have the pages already.
            using var memory = MemoryMappedFile.CreateNew(null, Most);
            using var view = memory.CreateViewAccessor();
            var start = Stopwatch.GetTimestamp();
            for (long at = 0; at < Most; at += Page) view.Write(at, (byte)1);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / (Most / Page));
        }
        return best;
    }

    /// <summary>A page of a file that has been read before, mapped anew; neighbours come with it, so it is the mean over many pages.</summary>
    /// <param name="path">A file of a page or more.</param>
    public static double MappedPage(string path)
    {
        var length = Math.Min(new FileInfo(path).Length / Page * Page, Most);
        if (length == 0) return 0;
        var best = double.MaxValue;
        var sum = 0;
        for (var i = 0; i < Tries; i++)
        {
            using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            using var view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            var start = Stopwatch.GetTimestamp();
            for (long at = 0; at < length; at += Page) sum += view.ReadByte(at);
            // The first time may have come from the disk.
            if (i > 0) best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / (length / Page));
        }
        GC.KeepAlive(sum);
        return best;
    }
}
