using ILGPU;
using ILGPU.Runtime;

namespace Hotplug.Gpu.Programs.Launches;

/// <summary>A kernel that sees one buffer of the KV pool at a time, and is started once for each.</summary>
internal sealed class CacheLaunch<TArguments>(Action<KernelConfig, TArguments> kernel, int groupSize, int maxGroups, Func<GpuStep, long> units, Func<GpuStep, int, TArguments> arguments) : Launch
    where TArguments : struct
{
    public override void Start(GpuStep step)
    {
        var count = units(step);
        if (count <= 0) return;
        var config = new KernelConfig((int)Math.Min(count, maxGroups), groupSize);
        for (var buffer = 0; buffer < step.Pool!.Buffers.Count; buffer++) kernel(config, arguments(step, buffer));
    }
}
