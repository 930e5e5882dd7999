namespace Hotplug.Inference.Sampling;

/// <summary>
/// A token with its logit in one integer that sorts as candidates rank: higher logit first, then lower token. Numbers compare and sort
/// without a comparer, and no two candidates are equal.
/// </summary>
internal static class Candidate
{
    private const uint Sign = 0x8000_0000;

    /// <summary>Packs a finite logit and a token.</summary>
    public static ulong Of(float logit, int token)
    {
        // The sum makes both zeros one. Then the bits of floats order like integers, negative ones backwards.
        var bits = BitConverter.SingleToUInt32Bits(logit + 0f);
        var ascending = (bits & Sign) != 0 ? ~bits : bits | Sign;
        return (ulong)~ascending << 32 | (uint)token;
    }

    /// <summary>The token.</summary>
    public static int Token(ulong candidate) => (int)(uint)candidate;

    /// <summary>The logit.</summary>
    public static float Logit(ulong candidate)
    {
        var ascending = ~(uint)(candidate >> 32);
        return BitConverter.UInt32BitsToSingle((ascending & Sign) != 0 ? ascending ^ Sign : ~ascending);
    }
}
