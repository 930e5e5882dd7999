using Hotplug.Gpu.Kernels.Attention;
using ILGPU;
using ILGPU.Runtime;

namespace Hotplug.Gpu.Programs.Launches;

/// <summary>Attention: once for each buffer of the pool, and a merge where the cells were divided.</summary>
internal sealed class AttentionLaunch(Action<KernelConfig, AttentionKernel.Arguments> attend, Action<KernelConfig, AttentionMergeKernel.Arguments> merge, AttentionSplits splits, int groupSize, int maxGroups,
    int queryHeads, int heads, Func<GpuStep, AttentionKernel.Arguments> arguments, Func<GpuStep, int, PagedLayer> layer) : Launch
{
    public override void Start(GpuStep step)
    {
        if (step.Extents.Tokens == 0) return;
        var a = arguments(step);
        a.Splits = splits.Of(step.Extents.Tokens, step.MostCells);
        var units = AttentionTiles.Units(a.Rows, heads, a.QueryHeadsPerHead, a.Splits);
        var buffers = step.Pool!.Buffers.Count;
        for (var buffer = 0; buffer < buffers; buffer++)
        {
            a.Words = step.PoolBuffer(buffer);
            a.Layer = layer(step, buffer);
            a.First = buffer == 0 ? 1 : 0;
            a.Last = buffer == buffers - 1 ? 1 : 0;
            attend(new KernelConfig(Math.Min(units, maxGroups), groupSize), a);
        }
        if (a.Splits == 1) return;
        merge(new KernelConfig(Math.Min(a.Rows * queryHeads, maxGroups), groupSize), new AttentionMergeKernel.Arguments
        {
            State = a.State, Output = a.Output, Sinks = a.Sinks, Rows = a.Rows, QueryHeads = queryHeads, ValueWidth = a.Layer.ValueWidth, Splits = a.Splits, HasSinks = a.HasSinks,
        });
    }
}
