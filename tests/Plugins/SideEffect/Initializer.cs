using System.Runtime.CompilerServices;

namespace Hotplug.Tests.SideEffect;

internal static class Initializer
{
    /// <summary>Runs before any other code of the assembly.</summary>
#pragma warning disable CA2255 // A module initialiser in a library is the very thing that this plugin is for.
    [ModuleInitializer]
    internal static void Mark()
    {
        if (Environment.GetEnvironmentVariable("HOTPLUG_TEST_MARK") is { Length: > 0 } path) File.WriteAllText(path, "ran");
    }
#pragma warning restore CA2255
}
