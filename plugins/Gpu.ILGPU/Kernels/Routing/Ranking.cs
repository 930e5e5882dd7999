using ILGPU;

namespace Hotplug.Gpu.Kernels.Routing;

/// <summary>The order of numbers with their indices: descending, ties by ascending index, what is not a number last.</summary>
internal static class Ranking
{
    /// <summary>Whether x at index i comes before y at index j. A negative index is no element, behind all others.</summary>
    public static bool Precedes(float x, int i, float y, int j)
    {
        if (i < 0) return false;
        if (j < 0) return true;
        var isNumber = !float.IsNaN(x);
        if (isNumber != !float.IsNaN(y)) return isNumber;
        return x > y || (!(x < y) && i < j);
    }

    /// <summary>The first in the order over all lanes, in every lane; index −1 if none has an element. All lanes of the group call it; shared memory may be used again at once.</summary>
    public static Ranked First(ArrayView<float> values, ArrayView<int> indices, float value, int index)
    {
        var lane = Group.IdxX;
        values[lane] = value;
        indices[lane] = index;
        Group.Barrier();
        for (var stride = Group.DimX / 2; stride > 0; stride /= 2)
        {
            if (lane < stride && Precedes(values[lane + stride], indices[lane + stride], values[lane], indices[lane]))
            {
                values[lane] = values[lane + stride];
                indices[lane] = indices[lane + stride];
            }
            Group.Barrier();
        }
        var first = new Ranked { Value = values[0], Index = indices[0] };
        Group.Barrier();
        return first;
    }

    /// <summary>The largest number over all lanes, in every lane; −∞ if there is none. As <see cref="First"/>.</summary>
    public static float Largest(ArrayView<float> shared, float value)
    {
        var lane = Group.IdxX;
        shared[lane] = value;
        Group.Barrier();
        for (var stride = Group.DimX / 2; stride > 0; stride /= 2)
        {
            if (lane < stride && shared[lane + stride] > shared[lane]) shared[lane] = shared[lane + stride];
            Group.Barrier();
        }
        var largest = shared[0];
        Group.Barrier();
        return largest;
    }
}
