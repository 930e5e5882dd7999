using System.Runtime.InteropServices;

namespace Hotplug.PolicyMatrix.Privileges;

/// <summary>The calls with which a process gives up what it may.</summary>
internal static partial class Libc
{
    // Linux numbers; the matrix runs nowhere else.
    private const int MemoryLock = 8, SetDumpable = 4, DontNeed = 4, SigInt = 2;

    public static uint UserId() => geteuid();

    /// <summary>Sets the soft limit on locked memory.</summary>
    /// <returns>Why not, or null.</returns>
    public static string? LowerLockLimit(ulong bytes)
    {
        if (getrlimit(MemoryLock, out var limit) != 0) throw Failure("getrlimit");
        if (limit.Hard < bytes) return $"The hard limit on locked memory is {limit.Hard} bytes, below the {bytes} of this level.";
        limit.Soft = bytes;
        return setrlimit(MemoryLock, limit) == 0 ? null : throw Failure("setrlimit");
    }

    public static void Give(string folder, uint user)
    {
        if (chown(folder, user, user) != 0) throw Failure($"chown {folder}");
    }

    /// <summary>Becomes another user, in all threads, and loses every capability with it.</summary>
    public static void Become(uint user)
    {
        if (setgroups(0, 0) != 0) throw Failure("setgroups");
        if (setgid(user) != 0) throw Failure("setgid");
        if (setuid(user) != 0) throw Failure("setuid");
        // A process that changed its user may not look at itself any more, unless it says that it has no secrets.
        if (prctl(SetDumpable, 1, 0, 0, 0) != 0) throw Failure("prctl");
    }

    /// <summary>Gives Ctrl-C its usual meaning back.</summary>
    public static void HearInterrupts()
    {
        if (signal(SigInt, 0) == -1) throw Failure("signal");
    }

    /// <summary>Becomes another program; returns only by exception.</summary>
    public static void Execute(string program, string[] arguments)
    {
        _ = execv(program, [program, .. arguments, null]);
        throw Failure($"execv {program}");
    }

    /// <summary>Makes the system forget the pages of a file, which must be on disk for that.</summary>
    public static void DropFromCache(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
        if (posix_fadvise(file, 0, 0, DontNeed) is not 0 and var error) throw new InvalidOperationException($"posix_fadvise {path}: error {error}");
    }

    private static InvalidOperationException Failure(string call) => new($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");

    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, out ResourceLimit limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, in ResourceLimit limit);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint user, uint group);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execv(string path, string?[] arguments);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc")]
    private static partial int posix_fadvise(Microsoft.Win32.SafeHandles.SafeFileHandle file, long offset, long length, int advice);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setgroups(nuint count, nint groups);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setgid(uint id);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setuid(uint id);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, ulong a, ulong b, ulong c, ulong d);
}
