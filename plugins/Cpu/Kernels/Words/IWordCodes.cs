using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>How a type becomes signed words, with AVX2: see <see cref="WordPanel"/>. A block of the file is <see cref="Parts"/> times 32 elements, which are told by number.</summary>
internal unsafe interface IWordCodes
{
    /// <summary>32-blocks of a block of the file.</summary>
    static abstract int Parts { get; }

    /// <summary>Bytes of a block of the file.</summary>
    static abstract int Bytes { get; }

    /// <summary>True if each half of a part has an integer factor.</summary>
    static virtual bool HasFactors => false;

    /// <summary>True if a part has a minimum.</summary>
    static virtual bool HasMinimum => false;

    /// <summary>True if the minimum has an integer factor for each half.</summary>
    static virtual bool HasMinima => false;

    /// <summary>True if the sum of a block may leave an int32, so that the halves are summed apart.</summary>
    static virtual bool IsWide => false;

    /// <summary>The codes of a part, offsets taken off.</summary>
    static abstract Vector256<sbyte> Codes(byte* block, int part);

    /// <summary>What one stands for, of four rows.</summary>
    static abstract Vector128<float> Scales(byte* a, byte* b, byte* c, byte* d, int part);

    /// <summary>What is added to each element.</summary>
    static virtual Vector128<float> Minimum(byte* a, byte* b, byte* c, byte* d, int part) => default;

    /// <summary>The factor of sixteen elements, the first or second half of a part.</summary>
    static virtual int Factor(byte* block, int part, int half) => 1;

    /// <summary>The factors of the minima of both halves as an int16 pair.</summary>
    static virtual int Minima(byte* block, int part) => 0;
}
