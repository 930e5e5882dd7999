using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Hotplug.Runtime.Plugins.Trust;

/// <summary>
/// Asks who besides the user may change code that is about to run: files and folders that everybody may write to, or that belong to somebody else. Trusted are the user,
/// root, and the owner of the program itself, whose code runs anyway. Unix only; rights of groups are left to whoever gave them. On Windows the rights of the folder are the
/// administrator's affair.
/// </summary>
internal static partial class FolderRights
{
    private const int MaxDepth = 16;

    // PATH_MAX of Linux; that of macOS is less.
    private const int PathBytes = 4096;

    /// <summary>What is wrong with rights, and what to do.</summary>
    internal readonly record struct Fault(string Path, string Reason, string Cure);

    /// <summary>Looks at a folder and at those it lies in: who may write to one of them may put another in its place.</summary>
    public static Fault? OfChain(string folder)
    {
        if (OperatingSystem.IsWindows()) return null;
        var real = Real(folder);
        if (OfEntry(real) is { } own) return own;
        for (var parent = Path.GetDirectoryName(real); parent is not null; parent = Path.GetDirectoryName(parent))
        {
            var mode = File.GetUnixFileMode(parent);
            // In a sticky folder, such as /tmp, everybody may add entries, and only the owner of one may rename or remove it.
            if (mode.HasFlag(UnixFileMode.OtherWrite) && !mode.HasFlag(UnixFileMode.StickyBit))
                return new(parent, $"everybody may write to {parent}, and so put another folder in the place of {real}.", $"Take that right away: chmod o-w '{parent}'; or move the plugins.");
        }
        return null;
    }

    /// <summary>Looks at one file.</summary>
    public static Fault? OfFile(string path) => OperatingSystem.IsWindows() ? null : OfEntry(path);

    /// <summary>Looks at a folder and all that is in it.</summary>
    public static Fault? OfTree(string folder)
    {
        if (OperatingSystem.IsWindows()) return null;
        // A folder that is a link stands for another, which may lie anywhere.
        if (new DirectoryInfo(folder).LinkTarget is not null && OfChain(folder) is { } elsewhere) return elsewhere;
        return Visit(Real(folder), 0);
    }

    [UnsupportedOSPlatform("windows")]
    private static Fault? Visit(string path, int depth)
    {
        if (OfEntry(path) is { } fault) return fault;
        if (depth > MaxDepth) return new(path, $"it lies more than {MaxDepth} levels deep.", "Remove it.");
        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos())
        {
            if (entry.LinkTarget is not null)
            {
                var target = Real(entry.FullName);
                if (OfChain(target) is { } linked) return linked;
                continue;
            }
            if ((entry is DirectoryInfo ? Visit(entry.FullName, depth + 1) : OfEntry(entry.FullName)) is { } inner) return inner;
        }
        return null;
    }

    [UnsupportedOSPlatform("windows")]
    private static Fault? OfEntry(string path)
    {
        if (File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherWrite))
            return new(path, $"everybody may write to {path}, and so change what runs.", $"Take that right away: chmod o-w '{path}'");
        if (FileOwner.Of(path) is not { } owner || FileOwner.IsTrusted(owner)) return null;
        return new(path, $"{path} belongs to the user with the number {owner}, who may change what runs.", $"Make it yours, if you trust it: chown {FileOwner.Me} '{path}'; or install the plugin anew.");
    }

    // Links anywhere in a path lead elsewhere, and the folders they lead through count.
    private static string Real(string path)
    {
        Span<byte> resolved = stackalloc byte[PathBytes];
        return realpath(Path.GetFullPath(path), resolved) == 0 ? Path.GetFullPath(path) : Encoding.UTF8.GetString(resolved[..resolved.IndexOf((byte)0)]);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint realpath(string path, Span<byte> resolved);
}
