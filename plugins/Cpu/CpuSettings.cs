using System.Globalization;

namespace Hotplug.Cpu;

/// <summary>The plugin's settings, checked.</summary>
internal sealed record CpuSettings(int Threads, InstructionSet InstructionSet)
{
    private const int MaxThreads = 1024;

    /// <exception cref="ArgumentException">A setting is unknown or has a bad value.</exception>
    public static CpuSettings Parse(IReadOnlyDictionary<string, string> settings, int threadBudget)
    {
        var threads = Math.Clamp(threadBudget, 1, MaxThreads);
        var set = InstructionSets.Best;
        foreach (var (key, value) in settings)
        {
            if (key.Equals("threads", StringComparison.OrdinalIgnoreCase))
            {
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out threads) || threads is < 1 or > MaxThreads)
                    throw new ArgumentException($"Setting threads of cpu is '{value}'; it takes a number of 1 to {MaxThreads}.");
            }
            else if (key.Equals("isa", StringComparison.OrdinalIgnoreCase))
            {
                set = InstructionSets.Parse(value);
            }
            else
            {
                throw new ArgumentException($"cpu has no setting '{key}'. It knows threads and isa.");
            }
        }
        return new CpuSettings(threads, set);
    }
}
