namespace Hotplug.Gpu.Kernels.Products;

/// <summary>What becomes of sums whose expert does not exist.</summary>
internal static class ExpertSums
{
    /// <summary>The sums, or NaN if <paramref name="id"/> is not the expert that was read in its place.</summary>
    public static Quad Checked(Quad sums, int id, int expert)
    {
        if (id == expert) return sums;
        var nan = Numbers.AsFloat(0x7FC00000);
        sums.A = nan;
        sums.B = nan;
        sums.C = nan;
        sums.D = nan;
        return sums;
    }
}
