using System.Runtime.InteropServices;

namespace Hotplug.UnitTests.Plugins;

/// <summary>Gives files to other users.</summary>
internal static partial class TestOwner
{
    /// <summary>Returns 0 if it worked.</summary>
    public static int Change(string path, int user) => chown(path, user, -1);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, int user, int group);
}
