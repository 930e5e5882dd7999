using Hotplug.PolicyMatrix.Measuring;

namespace Hotplug.PolicyMatrix.Privileges;

/// <summary>Puts the process under the lock limit of a level, for good.</summary>
internal static class Limit
{
    /// <summary>The user without rights.</summary>
    public const uint Nobody = 65534;

    /// <summary>Exit code of a process that cannot take on its level.</summary>
    public const int Unavailable = 77;

    private const int CapIpcLock = 14;

    /// <summary>Takes on a level.</summary>
    /// <param name="level"><c>none</c>, <c>8MiB</c> or <c>0</c>.</param>
    /// <param name="owned">Folders that the process has to be able to write afterwards.</param>
    /// <returns>Why this process cannot, or null.</returns>
    public static string? Take(string level, params IEnumerable<string> owned)
    {
        var exempt = (ProcessLocked.Capabilities() >> CapIpcLock & 1) != 0;
        if (level == "none")
            return exempt ? null : "The process does not hold CAP_IPC_LOCK; run the tests as root.";
        ulong bytes = level switch { "8MiB" => 8 << 20, "0" => 0, _ => throw new ArgumentException($"'{level}' is no level.") };
        if (Libc.LowerLockLimit(bytes) is { } problem) return problem;
        if (exempt)
        {
            if (Libc.UserId() != 0) return "The process holds CAP_IPC_LOCK, and cannot give it up because it is not root's.";
            foreach (var folder in owned) Libc.Give(folder, Nobody);
            Libc.Become(Nobody);
        }
        return ProcessLocked.Capabilities() == 0 ? null : $"The process kept capabilities {ProcessLocked.Capabilities():x}.";
    }
}
