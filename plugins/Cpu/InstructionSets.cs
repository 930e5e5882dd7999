using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu;

/// <summary>Which kernel sets run here.</summary>
internal static class InstructionSets
{
    /// <summary>The widest that runs here.</summary>
    public static InstructionSet Best => Runs(InstructionSet.Avx512) ? InstructionSet.Avx512 : Runs(InstructionSet.Avx2) ? InstructionSet.Avx2 : InstructionSet.Vector128;

    public static bool Runs(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => Avx512BW.IsSupported && Avx512BW.VL.IsSupported && Vector512.IsHardwareAccelerated && Runs(InstructionSet.Avx2),
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };

    public static string Describe(this InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => "AVX-512",
        InstructionSet.Avx2 => "AVX2",
        _ => "128-bit vectors",
    };

    /// <exception cref="ArgumentException">The name is none, or the set does not run here.</exception>
    public static InstructionSet Parse(string name)
    {
        if (name.Equals("auto", StringComparison.OrdinalIgnoreCase)) return Best;
        if (!Enum.TryParse<InstructionSet>(name, ignoreCase: true, out var set) || !Enum.IsDefined(set) || char.IsAsciiDigit(name[0]))
            throw new ArgumentException($"Setting isa of cpu is '{name}'; it takes auto, avx512, avx2 or vector128.", nameof(name));
        return Runs(set) ? set
            : throw new ArgumentException($"Setting isa of cpu is '{name}', which this processor does not have; it has {Best.Describe()}. Use auto.", nameof(name));
    }
}
