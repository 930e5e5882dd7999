using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Drivers;

namespace Hotplug.Gpu.Programs.Launches;

/// <summary>What the makers of launches have in common: the plan, the places of its values, and the driver that compiles kernels. On the device's thread.</summary>
internal sealed class LaunchContext(GpuPlan plan)
{
    private readonly DriverFacts _facts = plan.Device.Facts;

    public GpuPlan Plan => plan;

    public ProgramLayout Layout => plan.Layout;

    public int GroupSize => _facts.GroupSize;

    /// <summary>Lanes of a group that makes a tile of a product.</summary>
    public int TileGroupSize => _facts.TileGroupSize;

    public int MaxGroups => _facts.MaxGroups;

    /// <summary>Where a value lies.</summary>
    public Place At(GraphValue value) => plan.Layout[value];

    /// <summary>Where an optional value lies, or nowhere.</summary>
    public Place At(GraphValue? value, out bool there)
    {
        there = value is not null;
        return value is null ? default : plan.Layout[value];
    }

    /// <summary>A kernel over units that a group does one after the other.</summary>
    public Launch New<TArguments>(Action<TArguments> kernel, Func<GpuStep, long> units, Func<GpuStep, TArguments> arguments) where TArguments : struct
        => new Launch<TArguments>(plan.Device.Thread.Driver.Load(kernel), GroupSize, MaxGroups, units, arguments);

    /// <summary>A kernel over tiles of a product.</summary>
    public Launch Tiles<TArguments>(Action<TArguments> kernel, Func<GpuStep, long> units, Func<GpuStep, TArguments> arguments) where TArguments : struct
        => new Launch<TArguments>(plan.Device.Thread.Driver.Load(kernel), TileGroupSize, MaxGroups, units, arguments);

    /// <summary>A kernel over elements, several of which a lane does one after the other.</summary>
    public Launch Elements<TArguments>(Action<TArguments> kernel, Extent count, Func<GpuStep, TArguments> arguments) where TArguments : struct
    {
        var perGroup = GroupSize * 4L;
        return New(kernel, s => (count.Resolve(s.Extents) + perGroup - 1) / perGroup, arguments);
    }

    /// <summary>A kernel that is started once for each buffer of the KV pool.</summary>
    public Launch OverPool<TArguments>(Action<TArguments> kernel, Func<GpuStep, long> units, Func<GpuStep, int, TArguments> arguments) where TArguments : struct
        => new CacheLaunch<TArguments>(plan.Device.Thread.Driver.Load(kernel), GroupSize, MaxGroups, units, arguments);

    /// <summary>Which table of the step an operation reads.</summary>
    public int RotationOf(Rope rope) => IndexOf(plan.Layout.TableShape.Rotations, RopeKey.Of(rope));

    /// <summary>Which table of the step an operation reads.</summary>
    public int ShiftOf(KvShift shift) => IndexOf(plan.Layout.TableShape.Shifts, RopeKey.Of(shift));

    private static int IndexOf(IReadOnlyList<RopeKey> keys, RopeKey key)
    {
        for (var i = 0; i < keys.Count; i++)
            if (keys[i] == key) return i;
        throw new InvalidOperationException("The plan has no table for a rotation of its own slice.");
    }
}
