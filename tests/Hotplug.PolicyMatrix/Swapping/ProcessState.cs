using System.Diagnostics;
using Hotplug.Inference.Models;

namespace Hotplug.PolicyMatrix.Swapping;

/// <summary>What a process has at a moment, after it was given the chance to give back what it does not need.</summary>
public sealed record ProcessState
{
    /// <summary>Threads, but for those of the thread pool, which makes and ends them as it likes.</summary>
    public required int Threads { get; init; }

    /// <summary>Lines of the system's list of mappings; 0 where there is none.</summary>
    public required int Mappings { get; init; }

    /// <summary>Open handles: files, sockets, and what else the system counts.</summary>
    public required int Handles { get; init; }

    /// <summary>Bytes of managed memory that are in use.</summary>
    public required long ManagedBytes { get; init; }

    /// <summary>Bytes of memory of its own.</summary>
    public required long PrivateBytes { get; init; }

    /// <summary>Bytes that the address space has, of whatever kind.</summary>
    public required long SpaceBytes { get; init; }

    /// <summary>Devices with a thread of their own.</summary>
    public required int Lanes { get; init; }

    /// <summary>Looks.</summary>
    public static ProcessState Now(ModelHost? host = null)
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        using var process = Process.GetCurrentProcess();
        var usage = host?.Space.Usage ?? default;
        return new()
        {
            Threads = process.Threads.Count - ThreadPool.ThreadCount,
            Mappings = OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/maps").Count() : 0,
            Handles = OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : process.HandleCount,
            ManagedBytes = GC.GetTotalMemory(forceFullCollection: true),
            PrivateBytes = OperatingSystem.IsLinux() ? Anonymous() : process.PrivateMemorySize64,
            SpaceBytes = usage.ReservedBytes + usage.MappedBytes + usage.CommittedBytes,
            Lanes = host?.Lanes.Count ?? 0,
        };
    }

    /// <summary>
    /// The least of each count. At one look another deployment or two may be alive beside the newest, until their sessions end; what is never given back, is there at every look.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are no looks.</exception>
    public static ProcessState Least(IReadOnlyCollection<ProcessState> looks) => new()
    {
        Threads = looks.Min(l => l.Threads), Mappings = looks.Min(l => l.Mappings), Handles = looks.Min(l => l.Handles), ManagedBytes = looks.Min(l => l.ManagedBytes),
        PrivateBytes = looks.Min(l => l.PrivateBytes), SpaceBytes = looks.Min(l => l.SpaceBytes), Lanes = looks.Min(l => l.Lanes),
    };

    private static long Anonymous()
        => long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
}
