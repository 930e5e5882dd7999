using System.Globalization;
using Hotplug.Cpu.Kernels;

namespace Hotplug.Cpu;

/// <summary>The plugin's settings, checked.</summary>
internal sealed record CpuSettings(int Threads, InstructionSet InstructionSet, ActivationBits Activations)
{
    private const int MaxThreads = 1024;

    /// <exception cref="ArgumentException">A setting is unknown or has a bad value.</exception>
    public static CpuSettings Parse(IReadOnlyDictionary<string, string> settings, int threadBudget)
    {
        var threads = Math.Clamp(threadBudget, 1, MaxThreads);
        var set = InstructionSets.Best;
        var bits = ActivationBits.Sixteen;
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
            else if (key.Equals("activations", StringComparison.OrdinalIgnoreCase))
            {
                bits = value switch
                {
                    "8" => ActivationBits.Eight,
                    "16" => ActivationBits.Sixteen,
                    _ => throw new ArgumentException($"Setting activations of cpu is '{value}'; it takes 8 (faster) or 16 (exact as single precision) bits."),
                };
            }
            else
            {
                throw new ArgumentException($"cpu has no setting '{key}'. It knows threads, isa and activations.");
            }
        }
        return new CpuSettings(threads, set, bits);
    }
}
