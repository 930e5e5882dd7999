namespace Hotplug.Reference.Operations;

/// <summary>Sums of products in double precision.</summary>
internal static class DotProduct
{
    /// <summary>
    /// Σ a·b. Four running sums, because one would wait for itself at every addition; added in a fixed order, so equal input gives equal bits.
    /// </summary>
    public static double Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        b = b[..a.Length];
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        var i = 0;
        for (; i <= a.Length - 4; i += 4)
        {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.Length; i++) s0 += a[i] * b[i];
        return s0 + s1 + (s2 + s3);
    }
}
