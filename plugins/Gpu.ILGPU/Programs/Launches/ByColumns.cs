namespace Hotplug.Gpu.Programs.Launches;

/// <summary>Chooses between launches by the number of columns of a step: a kernel each for one, for few, and for many.</summary>
internal sealed class ByColumns(Func<GpuStep, long> columns, Launch one, Launch few, Launch many) : Launch
{
    // Above, reading the weights once per tile is worth decoding them into shared memory.
    private const int Few = 8;

    public override void Start(GpuStep step)
    {
        var count = columns(step);
        (count <= 1 ? one : count <= Few ? few : many).Start(step);
    }
}
