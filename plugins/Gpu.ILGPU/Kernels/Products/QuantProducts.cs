using Hotplug.Gpu.Kernels.Products.Formats;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>Dot products of packed weights with quantised activations: exact integers per unit, then one float product and one sum per unit.</summary>
internal static class QuantProducts
{
    /// <summary>
    /// What this lane adds to the products of four rows with a column: units lane, lane + lanes, … in order. The activations of a unit are read once for all rows.
    /// Rows are given by their first words and may be the same.
    /// </summary>
    public static Quad OfRows<TFormat>(ArrayView<int> weights, long row0, long row1, long row2, long row3, ArrayView<int> rows, long column, int units)
        where TFormat : unmanaged, IQuantFormat
    {
        var format = default(TFormat);
        var sums = default(Quad);
        for (var unit = Group.IdxX; unit < units; unit += Group.DimX)
        {
            var x = Activations.Load(rows, column, units, unit);
            sums.A = Add<TFormat>(sums.A, format.Load(weights, row0, units, unit), x);
            sums.B = Add<TFormat>(sums.B, format.Load(weights, row1, units, unit), x);
            sums.C = Add<TFormat>(sums.C, format.Load(weights, row2, units, unit), x);
            sums.D = Add<TFormat>(sums.D, format.Load(weights, row3, units, unit), x);
        }
        return sums;
    }

    /// <summary>Adds a unit to a sum: in the same order of roundings wherever a unit is added.</summary>
    public static float Add<TFormat>(float sum, QuantUnit w, ActivationUnit x) where TFormat : unmanaged, IQuantFormat
    {
        var format = default(TFormat);
        var coarse = Dot4.Add(w.A, x.Coarse.A, Dot4.Add(w.B, x.Coarse.B, Dot4.Add(w.C, x.Coarse.C, Dot4.Add(w.D, x.Coarse.D, 0))));
        var fine = Dot4.Add(w.A, x.Fine.A, Dot4.Add(w.B, x.Fine.B, Dot4.Add(w.C, x.Fine.C, Dot4.Add(w.D, x.Fine.D, 0))));
        // At most 16 · 128 · 32384 in size.
        var product = Activations.Steps * coarse + fine - format.Zero * x.Sum;
        // The scale comes last: with a small step, scale · step could vanish.
        sum += w.Scale * (x.Step * product);
        if (format.HasOffset) sum += w.Offset * (x.Step * x.Sum);
        return sum;
    }
}
