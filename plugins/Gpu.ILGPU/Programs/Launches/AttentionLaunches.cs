using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Accelerators.Programs;
using Hotplug.Gpu.Kernels.Attention;
using Hotplug.Gpu.Kernels.Positions;
using Hotplug.Gpu.KvCache;

namespace Hotplug.Gpu.Programs.Launches;

/// <summary>Launches of what works on positions and on the KV cache.</summary>
internal static class AttentionLaunches
{
    /// <summary>Why heads cannot be attended to, or null.</summary>
    public static string? WhyNot(long keyWidth, long valueWidth)
        => Math.Max(keyWidth, valueWidth) > AttentionCore.MaxWidth ? $"Heads of {keyWidth} and {valueWidth} elements are wider than {AttentionCore.MaxWidth}, the most the kernels take." : null;

    /// <summary>Bytes of the state that attention keeps between launches: of all rows where a pool has several buffers, of few where cells are divided.</summary>
    public static long ScratchBytes(Attention o, in StepBounds bounds)
    {
        var (queryHeads, valueWidth) = ((int)o.Query.Shape.D1.Constant, (int)(o.Output.Shape.D0.Constant / Math.Max(1, o.Query.Shape.D1.Constant)));
        return sizeof(float) * Math.Max(AttentionKernel.StateLength(bounds.Tokens, queryHeads, valueWidth, 1),
            AttentionKernel.StateLength(Math.Min(bounds.Tokens, AttentionSplits.MostRows), queryHeads, valueWidth, AttentionSplits.Most));
    }

    public static Launch Rope(LaunchContext c, Rope o)
    {
        var (input, output, width, heads, pairs) = (c.At(o.Input), c.At(o.Output), (int)o.Input.Shape.D0.Constant, (int)o.Input.Shape.D1.Constant, o.Parameters.RotaryWidth / 2);
        var table = c.RotationOf(o);
        var perGroup = c.GroupSize * 4L;
        return c.New(RopeKernel.Run, s => (RopeKernel.Items(s.Extents.Tokens, heads, width, pairs) + perGroup - 1) / perGroup, s => new RopeKernel.Arguments
        {
            Input = s.Floats(input), Output = s.Floats(output), Table = s.Rotation(table, 2 * pairs), Rows = s.Extents.Tokens, Heads = heads, Width = width, Pairs = pairs,
            Adjacent = o.Parameters.Style == RopeStyle.Adjacent ? 1 : 0,
        });
    }

    public static Launch KvAppend(LaunchContext c, KvAppend o)
    {
        var (key, value, layout) = (c.At(o.Key), c.At(o.Value), (GpuKvLayout)c.Plan.Slice.KvLayout!);
        var spec = layout.Spec.Layer(o.Layer);
        return c.OverPool(CacheKernels.For(spec.KeyType, spec.ValueType).Append, s => (long)s.Extents.Tokens * spec.Heads, (s, buffer) => new KvAppendKernel.Arguments
        {
            Key = s.Floats(key), Value = s.Floats(value), Words = s.PoolBuffer(buffer), Step = s.Tables, Layer = PagedLayer.Of(layout.Pages, o.Layer, buffer, s.Pool!.PagesPerBuffer), Rows = s.Extents.Tokens,
        });
    }

    public static Launch KvShift(LaunchContext c, KvShift o)
    {
        var (table, layout, pairs) = (c.ShiftOf(o), (GpuKvLayout)c.Plan.Slice.KvLayout!, o.Parameters.RotaryWidth / 2);
        var spec = layout.Spec.Layer(o.Layer);
        return c.OverPool(CacheKernels.For(spec.KeyType, spec.KeyType).Shift, s => (long)s.PageEntries * spec.Heads, (s, buffer) => new KvShiftKernel.Arguments
        {
            Words = s.PoolBuffer(buffer), Table = s.Shift(table, 2 * pairs), Step = s.Tables, Layer = PagedLayer.Of(layout.Pages, o.Layer, buffer, s.Pool!.PagesPerBuffer),
            Sequences = s.Extents.Sequences, Entries = s.PageEntries, Pairs = pairs, Adjacent = o.Parameters.Style == RopeStyle.Adjacent ? 1 : 0,
        });
    }

    public static Launch Attention(LaunchContext c, Attention o)
    {
        var (query, output, state, layout) = (c.At(o.Query), c.At(o.Output), c.Layout.ScratchOf(o), (GpuKvLayout)c.Plan.Slice.KvLayout!);
        var sinks = c.At(o.Sinks, out var sunk);
        var spec = layout.Spec.Layer(o.Layer);
        var (queryHeads, shared, p) = ((int)o.Query.Shape.D1.Constant, (int)o.Query.Shape.D1.Constant / spec.Heads, o.Parameters);
        var driver = c.Plan.Device.Thread.Driver;
        return new AttentionLaunch(driver.Load(CacheKernels.For(spec.KeyType, spec.ValueType).Attend), driver.Load<AttentionMergeKernel.Arguments>(AttentionMergeKernel.Run), new AttentionSplits(spec.Heads, shared, c.MaxGroups),
            c.GroupSize, c.MaxGroups, queryHeads, spec.Heads, s => new AttentionKernel.Arguments
            {
                Query = s.Floats(query), Output = s.Floats(output), Sinks = sunk ? s.Floats(sinks) : s.Floats(query), State = s.Floats(state), Step = s.Tables,
                Rows = s.Extents.Tokens, QueryHeadsPerHead = shared, Scale = p.Scale, SoftCap = p.SoftCap, Causal = p.Causal ? 1 : 0, Window = p.Window, HasSinks = sunk ? 1 : 0,
            }, (s, buffer) => PagedLayer.Of(layout.Pages, o.Layer, buffer, s.Pool!.PagesPerBuffer));
    }

    public static Launch AttentionBatch(LaunchContext c, AttentionBatch o)
    {
        var (query, key, value, output, p) = (c.At(o.Query), c.At(o.Key), c.At(o.Value), c.At(o.Output), o.Parameters);
        var (heads, shared) = ((int)o.Key.Shape.D1.Constant, (int)(o.Query.Shape.D1.Constant / o.Key.Shape.D1.Constant));
        return c.New(AttentionBatchKernel.Run, s => AttentionTiles.Units(s.Extents.Tokens, heads, shared, 1), s => new AttentionBatchKernel.Arguments
        {
            Query = s.Floats(query), Output = s.Floats(output), Keys = s.Words(key), Values = s.Words(value), Step = s.Tables, Rows = s.Extents.Tokens, Heads = heads, QueryHeadsPerHead = shared,
            KeyWidth = (int)o.Key.Shape.D0.Constant, ValueWidth = (int)o.Value.Shape.D0.Constant, Scale = p.Scale, SoftCap = p.SoftCap, Causal = p.Causal ? 1 : 0, Window = p.Window,
        });
    }
}
