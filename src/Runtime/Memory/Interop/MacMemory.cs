using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Interop;

/// <summary>macOS: POSIX calls; locks are bounded by the wire limits of the system as well as by the process's own.</summary>
internal sealed class MacMemory() : PosixMemory(anonymous: 0x1000, memlock: 6)
{
    private const ulong Infinity = long.MaxValue;

    public override HostLimits QueryLimits()
    {
        var limit = QueryLockLimit(Infinity);
        foreach (var name in (ReadOnlySpan<string>)["vm.user_wire_limit", "vm.global_user_wire_limit"])
        {
            if (ReadValue(name) is { } wire && (limit is null || wire < limit))
                limit = wire;
        }
        return new HostLimits
        {
            PageSize = PageSize,
            LockLimit = limit,
            PhysicalMemory = ReadValue("hw.memsize"),
            LimitCure = "raise it with `ulimit -l unlimited` and `sudo sysctl vm.user_wire_limit=… vm.global_user_wire_limit=…`, or ask for less with `--mlock try`",
        };
    }

    private static nuint? ReadValue(string name)
    {
        nuint length = sizeof(ulong);
        return Libc.ReadSystemValue(name, out var value, ref length, 0, 0) == 0 && length == sizeof(ulong) ? (nuint)value : null;
    }
}
