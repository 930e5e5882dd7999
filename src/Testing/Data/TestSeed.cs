using System.Globalization;
using Xunit;

namespace Hotplug.Testing.Data;

/// <summary>
/// Seeds of random tests. They are the same in every run unless the environment variable <c>HOTPLUG_SEED</c> holds another number; a failing
/// test shows the one it ran with.
/// </summary>
public static class TestSeed
{
    /// <summary>Name of the environment variable.</summary>
    public const string Variable = "HOTPLUG_SEED";

    /// <summary>The seed of this process.</summary>
    /// <exception cref="FormatException">The variable holds no number.</exception>
    public static int Base { get; } = Read();

    /// <summary>A generator for a test, the same for the same <paramref name="name"/>.</summary>
    public static Random For(string name)
    {
        // FNV-1a: the same in every process, which string.GetHashCode is not.
        var hash = 2166136261u;
        foreach (var character in name) hash = (hash ^ character) * 16777619u;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Variable}={Base} repeats these random cases ({name}).");
        return new Random(unchecked((int)(hash ^ (uint)Base)));
    }

    private static int Read()
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text)) return 20250;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var seed) ? seed : throw new FormatException($"{Variable}={text} is not a number.");
    }
}
