namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>Four numbers, one per pair of a query row and a head that a group works on at once; kept in registers.</summary>
internal struct Four
{
    public float A, B, C, D;

    public Four(float a, float b, float c, float d) => (A, B, C, D) = (a, b, c, d);

    /// <summary>The same number four times.</summary>
    public static Four All(float x) => new(x, x, x, x);

    /// <summary>The larger of each two; what is not a number in <paramref name="y"/> is passed over.</summary>
    public static Four Larger(Four x, Four y) => new(Larger(x.A, y.A), Larger(x.B, y.B), Larger(x.C, y.C), Larger(x.D, y.D));

    /// <inheritdoc cref="Larger(Four, Four)"/>
    public static float Larger(float x, float y) => y > x ? y : x;
}
