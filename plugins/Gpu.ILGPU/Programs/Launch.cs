using ILGPU;
using ILGPU.Runtime;

namespace Hotplug.Gpu.Programs;

/// <summary>Something that is started in every step, on the device's thread.</summary>
internal abstract class Launch
{
    /// <summary>Starts it.</summary>
    public abstract void Start(GpuStep step);
}

/// <summary>A kernel with what makes its arguments and the number of its units of work. One delegate each, made at compile, so that a step allocates nothing.</summary>
internal sealed class Launch<TArguments>(Action<KernelConfig, TArguments> kernel, int groupSize, int maxGroups, Func<GpuStep, long> units, Func<GpuStep, TArguments> arguments) : Launch
    where TArguments : struct
{
    public override void Start(GpuStep step)
    {
        var count = units(step);
        if (count > 0) kernel(new KernelConfig((int)Math.Min(count, maxGroups), groupSize), arguments(step));
    }
}
