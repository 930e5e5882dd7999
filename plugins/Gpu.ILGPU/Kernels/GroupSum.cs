using ILGPU;

namespace Hotplug.Gpu.Kernels;

/// <summary>Reductions over the lanes of a group through shared memory: no shuffles, any power of two of lanes, the same order on every device.</summary>
internal static class GroupSum
{
    /// <summary>Most lanes of a group, and the elements of the shared memory a reduction needs.</summary>
    public const int MaxLanes = 256;

    /// <summary>The sum of <paramref name="value"/> over all lanes, in every lane. All lanes of the group call it; <paramref name="shared"/> may be used again at once.</summary>
    public static float Add(ArrayView<float> shared, float value)
    {
        var lane = Group.IdxX;
        shared[lane] = value;
        Group.Barrier();
        for (var stride = Group.DimX / 2; stride > 0; stride /= 2)
        {
            if (lane < stride) shared[lane] += shared[lane + stride];
            Group.Barrier();
        }
        var sum = shared[0];
        // Nobody overwrites it before everybody has read it.
        Group.Barrier();
        return sum;
    }
}
