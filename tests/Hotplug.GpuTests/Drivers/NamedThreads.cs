using System.Diagnostics;
using Xunit;

namespace Hotplug.GpuTests.Drivers;

/// <summary>The threads that the plugin and ILGPU make, by their names: the device's own, and those of the emulator's lanes.</summary>
internal static class NamedThreads
{
    private static readonly string[] Prefixes = ["gpu ", "ILGPU"];

    /// <summary>Names of the live ones; empty where the system does not tell.</summary>
    public static IReadOnlyList<string> Live
    {
        get
        {
            const string Tasks = "/proc/self/task";
            if (!Directory.Exists(Tasks)) return [];
            var names = new List<string>();
            foreach (var task in Directory.GetDirectories(Tasks))
                try
                {
                    var name = File.ReadAllText(Path.Combine(task, "comm")).TrimEnd();
                    if (Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))) names.Add(name);
                }
                // A thread that has just ended.
                catch (IOException) { }
            return names;
        }
    }

    /// <summary>All have ended. The system takes a moment to forget a thread that was joined.</summary>
    public static void ExpectNone()
    {
        var clock = Stopwatch.StartNew();
        while (Live.Count != 0 && clock.Elapsed < TimeSpan.FromSeconds(20)) Thread.Yield();
        Assert.Empty(Live);
    }
}
