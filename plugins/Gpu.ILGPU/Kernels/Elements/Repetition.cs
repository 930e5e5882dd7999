using Hotplug.Abstractions.Tensors;

namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>
/// Where the elements of a second operand lie that has extents of 1 where the first has more, and is repeated there. Neighbouring dimensions of one kind are taken
/// together, which leaves at most four runs, kept and repeated in turn; the last, repeated, needs no number. Lives in the arguments of a kernel.
/// </summary>
internal readonly struct Repetition
{
    private readonly int _inner, _repeats, _outer;

    private Repetition(int inner, int repeats, int outer) => (_inner, _repeats, _outer) = (inner, repeats, outer);

    /// <summary>The mapping of a step's shapes, made on the host.</summary>
    /// <exception cref="ArgumentException">The second operand does not fit the first, or the first has 2³¹ elements or more.</exception>
    public static Repetition Of(TensorShape left, TensorShape right)
    {
        if (right.D0 != left.D0 || !Fits(left.D1, right.D1) || !Fits(left.D2, right.D2) || !Fits(left.D3, right.D3))
            throw new ArgumentException($"A second operand {right} does not fit {left}: give it the same extents, or 1 in outer dimensions.", nameof(right));
        if (left.ElementCount > int.MaxValue)
            throw new ArgumentException($"An operand {left} has more than {int.MaxValue} elements: run fewer rows in a step.", nameof(left));
        Span<long> runs = [left.D0, 1, 1, 1];
        var last = 0;
        foreach (var (extent, own) in ((long, long)[])[(left.D1, right.D1), (left.D2, right.D2), (left.D3, right.D3)])
        {
            if (extent == 1) continue;
            // Even runs are kept, odd ones repeated.
            if (own == 1 != (last % 2 == 1)) last++;
            runs[last] *= extent;
        }
        return new((int)runs[0], last == 0 ? 0 : (int)runs[1], (int)runs[2]);
    }

    /// <summary>The element of the second operand that goes with element <paramref name="i"/> of the first; 0 ≤ i &lt; 2³¹.</summary>
    public int Map(int i)
    {
        if (_repeats == 0) return i;
        var block = (uint)i / (uint)_inner;
        var inner = (uint)i - block * (uint)_inner;
        if (_outer == 1) return (int)inner;
        return (int)(inner + block / (uint)_repeats % (uint)_outer * (uint)_inner);
    }

    private static bool Fits(long left, long right) => right == left || right == 1;
}
