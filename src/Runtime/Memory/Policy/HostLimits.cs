using Hotplug.Runtime.Memory.Interop;

namespace Hotplug.Runtime.Memory.Policy;

/// <summary>What the operating system allows this process, read once and then plain data.</summary>
public sealed record HostLimits
{
    /// <summary>Bytes of a page, a power of two.</summary>
    public required nuint PageSize { get; init; }

    /// <summary>Bytes this process may lock, or null if there is no limit.</summary>
    public nuint? LockLimit { get; init; }

    /// <summary>True if the process is exempt from the limit (CAP_IPC_LOCK on Linux).</summary>
    public bool MayExceedLockLimit { get; init; }

    /// <summary>Bytes the process holds locked already.</summary>
    public nuint Locked { get; init; }

    /// <summary>Bytes that will be locked besides what is planned, such as a KV cache allocated later.</summary>
    public nuint LockedLater { get; init; }

    /// <summary>Bytes of physical memory, or null if unknown.</summary>
    public nuint? PhysicalMemory { get; init; }

    /// <summary>How the limit is raised on this system, as the cure of a refusal.</summary>
    public string LimitCure { get; init; } = "ask for less with `--mlock try`";

    /// <summary>Bytes that may still be locked, or null if there is no bound. Whole pages.</summary>
    public nuint? Lockable
    {
        get
        {
            var limit = MayExceedLockLimit ? null : LockLimit;
            if (PhysicalMemory is { } physical && (limit is null || physical < limit))
                limit = physical;
            if (limit is not { } bytes)
                return null;
            var taken = Locked + LockedLater;
            return taken >= bytes ? 0 : (bytes - taken) & ~(PageSize - 1);
        }
    }

    /// <summary>Reads the limits of this process now.</summary>
    public static HostLimits Query() => HostMemoryPlatform.Current.QueryLimits();

    /// <summary>Why <paramref name="bytes"/> more cannot be locked, with the cure; null if they can.</summary>
    /// <param name="subject">What they are for.</param>
    /// <param name="bytes">Whole pages.</param>
    public MemoryRefusal? RefuseLock(string subject, nuint bytes)
    {
        if (Lockable is not { } lockable || bytes <= lockable)
            return null;
        var byLimit = LockLimit is { } l && !MayExceedLockLimit && (PhysicalMemory is not { } p || l <= p);
        var limit = byLimit ? $"limit {ByteText.Format(LockLimit!.Value)}" : $"physical memory {ByteText.Format(PhysicalMemory!.Value)}";
        var taken = Locked + LockedLater == 0 ? "" : $", {ByteText.Format(Locked + LockedLater)} of it taken";
        var cure = byLimit ? LimitCure : "place more on devices, use a smaller model, or ask for less with `--mlock try`";
        return new(MemoryRefusalCode.LockLimit, subject, $"locking needs {ByteText.Format(bytes)}, {limit}{taken}", cure);
    }
}
