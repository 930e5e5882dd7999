using System.Numerics;

namespace Hotplug.Inference.Sampling;

/// <summary>
/// xoshiro256** 1.0 (Blackman, Vigna 2018, public domain), seeded by SplitMix64 as its authors advise. The same numbers from a seed on
/// every machine, and a state that can be saved. A mutable value: copy it to save it.
/// </summary>
internal struct Xoshiro256
{
    /// <summary>Words of the state.</summary>
    public const int StateLength = 4;

    private ulong _s0, _s1, _s2, _s3;

    /// <summary>Starts from a seed; every seed will do.</summary>
    public Xoshiro256(ulong seed) => (_s0, _s1, _s2, _s3) = (Mix(ref seed), Mix(ref seed), Mix(ref seed), Mix(ref seed));

    /// <summary>Goes on from a saved state of <see cref="StateLength"/> words, not all 0.</summary>
    public Xoshiro256(ReadOnlySpan<ulong> state) => (_s0, _s1, _s2, _s3) = (state[0], state[1], state[2], state[3]);

    /// <summary>The state, to go on from.</summary>
    public readonly ulong[] State => [_s0, _s1, _s2, _s3];

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>The next number of [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextUnit() => (Next() >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ref ulong seed)
    {
        var z = seed += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
