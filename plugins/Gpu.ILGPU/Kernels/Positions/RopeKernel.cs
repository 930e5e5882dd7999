using ILGPU;

namespace Hotplug.Gpu.Kernels.Positions;

/// <summary>
/// Rotates heads by the table of the step, see <c>RopeTable</c>. A lane takes a pair of elements or one that passes through, counted over all heads and rows; input and output
/// may be the same view. Grid and group of any size.
/// </summary>
internal static class RopeKernel
{
    internal struct Arguments
    {
        /// <summary>[row][head][width].</summary>
        public ArrayView<float> Input, Output;
        /// <summary>[row][pair][cosine, sine], magnitude included.</summary>
        public ArrayView<float> Table;
        public int Rows, Heads, Width;
        /// <summary>Pairs of a head that are rotated.</summary>
        public int Pairs;
        /// <summary>1 if neighbours are a pair, 0 if the halves of the rotary width are.</summary>
        public int Adjacent;
    }

    /// <summary>Lanes that have something to do.</summary>
    public static long Items(int rows, int heads, int width, int pairs) => (long)rows * heads * (width - pairs);

    public static void Run(Arguments a)
    {
        var perHead = a.Width - a.Pairs;
        var items = Items(a.Rows, a.Heads, a.Width, a.Pairs);
        var step = (long)Grid.DimX * Group.DimX;
        for (var item = (long)Grid.IdxX * Group.DimX + Group.IdxX; item < items; item += step)
        {
            var head = item / perHead;
            var slot = (int)(item - head * perHead);
            var at = head * a.Width;
            if (slot >= a.Pairs)
            {
                a.Output[at + slot + a.Pairs] = a.Input[at + slot + a.Pairs];
                continue;
            }
            var table = (head / a.Heads * a.Pairs + slot) * 2;
            float cosine = a.Table[table], sine = a.Table[table + 1];
            var first = at + (a.Adjacent != 0 ? 2 * slot : slot);
            var second = at + (a.Adjacent != 0 ? 2 * slot + 1 : slot + a.Pairs);
            float p = a.Input[first], q = a.Input[second];
            a.Output[first] = p * cosine - q * sine;
            a.Output[second] = p * sine + q * cosine;
        }
    }
}
