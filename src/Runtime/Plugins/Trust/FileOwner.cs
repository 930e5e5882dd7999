using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Hotplug.Runtime.Plugins.Trust;

/// <summary>Whom files belong to. Known on Linux; elsewhere nobody is said to own anything.</summary>
internal static partial class FileOwner
{
    // struct statx has one layout on every architecture: the owner at byte 20 of 256.
    private const int CurrentFolder = -100, WantOwner = 0x8, OwnerAt = 20, StatBytes = 256;

    private static readonly Lazy<uint?> Program = new(() => Of(typeof(FileOwner).Assembly.Location is { Length: > 0 } file ? file : AppContext.BaseDirectory));

    /// <summary>The user this process acts for.</summary>
    public static uint Me => OperatingSystem.IsWindows() ? 0 : geteuid();

    /// <summary>The owner of a file or folder, links followed; null if it cannot be told.</summary>
    public static uint? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            Span<byte> found = stackalloc byte[StatBytes];
            return statx(CurrentFolder, path, 0, WantOwner, found) == 0 ? BinaryPrimitives.ReadUInt32LittleEndian(found[OwnerAt..]) : null;
        }
        // A C library older than 2018.
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>True for root, the user, and whom the program belongs to.</summary>
    public static bool IsTrusted(uint owner) => owner == 0 || owner == Me || owner == Program.Value;

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, Span<byte> found);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
