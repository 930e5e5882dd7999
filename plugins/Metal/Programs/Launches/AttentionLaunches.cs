using System.Numerics;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.KvCache;
using Hotplug.Accelerators.Programs;
using Hotplug.Metal.Interop.Values;
using Hotplug.Metal.Kernels.Arguments;

namespace Hotplug.Metal.Programs.Launches;

/// <summary>Launches of what works on positions and on the KV cache.</summary>
internal static class AttentionLaunches
{
    // As in the kernels.
    private const int MaxKeyWidth = 576, MaxValueWidth = 512, BatchThreads = 128, GroupHeads = 4, MaxGroupKeyWidth = 256;

    private const int ElementThreads = 256;

    /// <summary>Why heads cannot be attended to, or null.</summary>
    public static string? WhyNot(long keyWidth, long valueWidth)
        => keyWidth > MaxKeyWidth || valueWidth > MaxValueWidth
            ? $"Heads of {keyWidth} and {valueWidth} elements are wider than {MaxKeyWidth} and {MaxValueWidth}, the most the kernels take." : null;

    /// <summary>Bytes of the parts of attention that are put together in the end: as many as are wished for, as far as a buffer holds them.</summary>
    public static long ScratchBytes(Attention o, in StepBounds bounds, long most) => Math.Min(most / 256 * 256, PartBytes(o) * Math.Max(bounds.Tokens, AttentionLaunch.MostParts));

    /// <summary>Bytes of one part of one row.</summary>
    public static long PartBytes(Attention o) => AttentionLaunch.PartBytes(o.Query.Shape.D1.Constant, o.Output.Shape.D0.Constant / Math.Max(1, o.Query.Shape.D1.Constant));

    public static Launch Rope(LaunchContext c, Rope o)
    {
        var (head, heads, pairs) = (o.Input.Shape.D0.Constant, o.Input.Shape.D1.Constant, (long)o.Parameters.RotaryWidth / 2);
        return c.Elements("Rows/Rope.metal", "rope", s => s.Extents.Tokens * heads * (head - pairs), s => new RopeArgs
        {
            Head = (uint)head, Heads = (uint)heads, Rows = (uint)s.Extents.Tokens, Pairs = (uint)pairs, Adjacent = o.Parameters.Style == RopeStyle.Adjacent ? 1u : 0,
        }, c.In(o.Input), c.RotationOf(o), c.Out(o.Output));
    }

    /// <summary>Keys, then values.</summary>
    public static Launch[] KvAppend(LaunchContext c, KvAppend o) => [KvAppend(c, o.Layer, KvPart.Keys, o.Key), KvAppend(c, o.Layer, KvPart.Values, o.Value)];

    public static Launch KvShift(LaunchContext c, KvShift o)
    {
        var (layout, cache) = (c.Cache.Pages.Part(o.Layer, KvPart.Keys), c.Cache.Pages);
        var pipeline = c.Kernel("Cache/KvShift.metal", $"kv_shift_{Suffix(layout.Type)}");
        var (threads, pairs) = (LaunchContext.Threads(pipeline, ElementThreads), (long)o.Parameters.RotaryWidth / 2);
        return new Launch<KvShiftArgs>(pipeline, threads,
            s => LaunchContext.Groups((s.MostCells * layout.Heads * pairs + threads - 1) / threads) with { Height = (ulong)s.Extents.Sequences },
            (s, buffer) => new KvShiftArgs
            {
                Part = Part(cache, layout, buffer, s.Pool!.PagesPerBuffer), Sequences = (uint)s.Extents.Sequences, Pairs = (uint)pairs, Adjacent = o.Parameters.Style == RopeStyle.Adjacent ? 1u : 0,
            },
            [c.ShiftOf(o), Operand.Table(OperandKind.Sequences), Operand.Table(OperandKind.Pages), Operand.Pool(o.Layer, 0, 1, written: true)]);
    }

    public static Launch Attention(LaunchContext c, Attention o)
    {
        var (pages, p) = (c.Cache.Pages, o.Parameters);
        var (keys, values) = (pages.Part(o.Layer, KvPart.Keys), pages.Part(o.Layer, KvPart.Values));
        // Query heads that share a head of the cache share the reads of its keys and values, as far as the threadgroup's memory holds their queries.
        var sharing = o.Query.Shape.D1.Constant / keys.Heads;
        var atOnce = sharing > 1 && keys.Width <= MaxGroupKeyWidth ? GroupHeads : 1;
        var name = $"attention_{(atOnce > 1 ? "group_" : "")}{Suffix(keys.Type)}_{Suffix(values.Type)}";
        var sinks = c.In(o.Sinks, out var sunk);
        var scratch = c.Layout.ScratchOf(o);
        return new AttentionLaunch(c.Kernel("Cache/Attention.metal", name), c.Kernel("Cache/AttentionMerge.metal", "attention_merge"), pages, keys, values, atOnce,
            new AttentionArgs
            {
                QueryHeads = (uint)o.Query.Shape.D1.Constant, Causal = p.Causal ? 1u : 0, Window = (uint)p.Window, Scale = p.Scale, SoftCap = p.SoftCap,
            }, sunk, c.In(o.Query), Operand.Pool(o.Layer, 0, 2, written: false), Operand.Out(scratch), sinks, c.Out(o.Output));
    }

    public static Launch AttentionBatch(LaunchContext c, AttentionBatch o)
    {
        var (pipeline, p, heads) = (c.Kernel("Cache/AttentionBatch.metal", "attention_batch"), o.Parameters, (ulong)o.Query.Shape.D1.Constant);
        return new Launch<AttentionBatchArgs>(pipeline, LaunchContext.Fixed(pipeline, "attention_batch", BatchThreads), s => new MTLSize(heads, (ulong)s.Extents.Tokens), (s, _) => new AttentionBatchArgs
        {
            QueryHeads = (uint)heads, Heads = (uint)o.Key.Shape.D1.Constant, KeyWidth = (uint)o.Key.Shape.D0.Constant, ValueWidth = (uint)o.Value.Shape.D0.Constant, Rows = (uint)s.Extents.Tokens,
            Causal = p.Causal ? 1u : 0, Window = (uint)p.Window, Scale = p.Scale, SoftCap = p.SoftCap,
        }, [c.In(o.Query), c.In(o.Key), c.In(o.Value), Operand.Table(OperandKind.Positions), Operand.Table(OperandKind.Sequences), Operand.Table(OperandKind.RowSequences), c.Out(o.Output)]);
    }

    /// <summary>What a kernel has to know of a part of the pages in one buffer of a pool.</summary>
    public static KvPartPlace Part(KvPageLayout pages, KvPartLayout part, int buffer, int pagesPerBuffer) => new()
    {
        PageBytes = (ulong)pages.PageBytes, Offset = (ulong)part.Offset, BufferIndex = (uint)buffer, PagesPerBuffer = (uint)pagesPerBuffer,
        PageShift = (uint)BitOperations.Log2((uint)part.PageTokens), Heads = (uint)part.Heads, Width = (uint)part.Width,
        StrideHead = (uint)(part.Place(1, 0, 0) / part.ElementBytes), StrideCell = (uint)(part.Place(0, 0, 1) / part.ElementBytes), StrideElement = (uint)(part.Place(0, 1, 0) / part.ElementBytes),
    };

    private static Launch KvAppend(LaunchContext c, int layer, KvPart which, GraphValue input)
    {
        var (pages, part) = (c.Cache.Pages, c.Cache.Pages.Part(layer, which));
        var pipeline = c.Kernel("Cache/KvAppend.metal", $"kv_append_{Suffix(part.Type)}");
        var threads = LaunchContext.Threads(pipeline, ElementThreads);
        return new Launch<KvAppendArgs>(pipeline, threads, s => LaunchContext.Groups(((long)s.Extents.Tokens * part.Heads * part.Width + threads - 1) / threads),
            (s, buffer) => new KvAppendArgs { Part = Part(pages, part, buffer, s.Pool!.PagesPerBuffer), Rows = (uint)s.Extents.Tokens },
            [c.In(input), Operand.Table(OperandKind.Sequences), Operand.Table(OperandKind.RowSequences), Operand.Table(OperandKind.Pages),
                Operand.Pool(layer, which == KvPart.Keys ? 0 : 1, 1, written: true)]);
    }

    private static string Suffix(TensorType type) => type.ToString().ToLowerInvariant();
}
