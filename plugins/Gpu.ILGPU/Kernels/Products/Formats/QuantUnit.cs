namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>
/// Sixteen neighbouring weights of a row: words A to D hold the codes of elements 0–3, 4–7, 8–11 and 12–15 as signed bytes, the lowest element in the lowest byte.
/// A weight is Scale · (code − Zero of the format) + Offset; every product but the last is exact in single precision.
/// </summary>
internal struct QuantUnit
{
    public int A, B, C, D;
    public float Scale, Offset;

    /// <summary>Takes <paramref name="zero"/> (0 to 64) from each of four codes; those are not negative unless it is 0. No byte borrows from its neighbour.</summary>
    public static int Centre(int codes, int zero)
        => zero == 0 ? codes : ((codes | unchecked((int)0x80808080)) - zero * 0x01010101) ^ unchecked((int)0x80808080);
}
