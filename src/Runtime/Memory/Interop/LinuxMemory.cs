using System.Globalization;
using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Interop;

/// <summary>Linux: POSIX calls, and /proc for what they did.</summary>
internal sealed class LinuxMemory() : PosixMemory(anonymous: 0x20, memlock: 8)
{
    private const int HugePage = 14;
    private const int CapIpcLock = 14;

    public override void Advise(nuint address, nuint length, MemoryAdvice advice)
    {
        if (advice == MemoryAdvice.HugePages)
            _ = Libc.Advise(address, length, HugePage);
        else
            base.Advise(address, length, advice);
    }

    public override HostLimits QueryLimits()
    {
        var (locked, capable) = ReadStatus();
        return new HostLimits
        {
            PageSize = PageSize,
            LockLimit = QueryLockLimit(ulong.MaxValue),
            // The kernel asks for the capability in the first user namespace; in another one the bit says nothing.
            MayExceedLockLimit = capable && InFirstUserNamespace(),
            Locked = locked,
            PhysicalMemory = ReadPhysical(),
            LimitCure = "raise it with `ulimit -l unlimited`, or `LimitMEMLOCK=infinity` in the unit, or ask for less with `--mlock try`",
        };
    }

    public override nuint? QueryLocked() => ReadStatus().Locked;

    public override IReadOnlyList<RegionMeasure>? Measure(AddressRange range) => ProcessMaps.Read("/proc/self/smaps", range);

    private static (nuint Locked, bool Capable) ReadStatus()
    {
        nuint locked = 0;
        var capable = false;
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("VmLck:", StringComparison.Ordinal))
                locked = ProcessMaps.Kilobytes(line.AsSpan(6));
            else if (line.StartsWith("CapEff:", StringComparison.Ordinal))
                capable = (ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> CapIpcLock & 1) != 0;
        }
        return (locked, capable);
    }

    private static bool InFirstUserNamespace()
    {
        try
        {
            var map = File.ReadAllText("/proc/self/uid_map").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return map is ["0", "0", "4294967295"];
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static nuint? ReadPhysical()
    {
        nuint? total = null;
        foreach (var line in File.ReadLines("/proc/meminfo"))
        {
            if (!line.StartsWith("MemTotal:", StringComparison.Ordinal))
                continue;
            total = ProcessMaps.Kilobytes(line.AsSpan(9));
            break;
        }
        // A control group's limit is the machine's memory for whoever lives in it; so are those of the groups around it.
        for (var group = ReadGroup(); ; group = group[..group.LastIndexOf('/')])
        {
            if (ReadNumber($"/sys/fs/cgroup{group}/memory.max") is { } limit && (total is null || limit < total))
                total = limit;
            if (group.Length == 0)
                break;
        }
        return total;
    }

    /// <summary>The process's group in the unified hierarchy (cgroups(7)), empty for the root.</summary>
    private static string ReadGroup()
    {
        try
        {
            foreach (var line in File.ReadLines("/proc/self/cgroup"))
            {
                if (line.StartsWith("0::/", StringComparison.Ordinal))
                    return line[3..].TrimEnd('/');
            }
        }
        catch (IOException)
        {
            // Not compiled into the kernel: no group, no limit.
        }
        return "";
    }

    private static nuint? ReadNumber(string path)
    {
        try
        {
            return nuint.TryParse(File.ReadAllText(path).AsSpan().Trim(), CultureInfo.InvariantCulture, out var value) ? value : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
