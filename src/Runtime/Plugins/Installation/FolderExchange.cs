using System.Runtime.InteropServices;

namespace Hotplug.Runtime.Plugins.Installation;

/// <summary>Exchanges two folders beside each other.</summary>
internal static partial class FolderExchange
{
    private const int CurrentFolder = -100;
    private const uint Exchange = 2;

    /// <summary>Each becomes the other: on Linux in one step; elsewhere, and on file systems that cannot, in three, of which the first is undone if the second fails.</summary>
    public static void Swap(string one, string other)
    {
        if (OperatingSystem.IsLinux() && AtOnce(one, other)) return;
        var aside = one + ".aside";
        Directory.Move(other, aside);
        try
        {
            Directory.Move(one, other);
        }
        catch
        {
            Directory.Move(aside, other);
            throw;
        }
        Directory.Move(aside, one);
    }

    private static bool AtOnce(string one, string other)
    {
        try
        {
            return renameat2(CurrentFolder, one, CurrentFolder, other, Exchange) == 0;
        }
        // A C library older than 2018.
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int fromFolder, string from, int toFolder, string to, uint flags);
}
