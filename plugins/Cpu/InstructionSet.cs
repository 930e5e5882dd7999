namespace Hotplug.Cpu;

/// <summary>A set of kernels by the vector instructions it needs.</summary>
internal enum InstructionSet
{
    /// <summary>Portable 128-bit vectors; runs everywhere.</summary>
    Vector128,
    /// <summary>AVX2 and FMA.</summary>
    Avx2,
    /// <summary>AVX-512 F, BW, VL.</summary>
    Avx512,
}
