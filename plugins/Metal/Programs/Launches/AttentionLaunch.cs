using Hotplug.Abstractions.Faults;
using Hotplug.Accelerators.KvCache;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;
using Hotplug.Metal.Kernels.Arguments;

namespace Hotplug.Metal.Programs.Launches;

/// <summary>
/// Attention: a part for each buffer of the pool and each division of the cells, and a merge of the parts. Where the scratch memory has no room for the parts of all rows,
/// as many rows at a time as it has room for.
/// </summary>
internal sealed class AttentionLaunch(MetalPipeline attend, MetalPipeline merge, KvPageLayout pages, KvPartLayout keys, KvPartLayout values, int heads, AttentionArgs fixedArguments, uint hasSinks,
    Operand query, Operand pool, Operand scratch, Operand sinks, Operand output) : Launch([query, pool, scratch, sinks, output])
{
    /// <summary>Parts of a row that the scratch memory holds where a buffer is large enough.</summary>
    public const int MostParts = 128;

    // Most divisions of the cells of a row, for how few rows they are divided, and how many cells a part should have: below, the merge costs more than it brings. A part of several
    // heads has more work in each cell.
    private const int MostSplits = 16, FewRows = 8, LeastCells = 256, LeastCellsOfGroup = 128;

    private const int Threads = 128;

    private readonly int _threads = LaunchContext.Fixed(attend, "attention", Threads);
    // Threadgroups of a row: of every head of the cache, the query heads that share it, some at once.
    private readonly ulong _groups = (ulong)(keys.Heads * ((fixedArguments.QueryHeads / keys.Heads + heads - 1) / heads));
    private readonly int _mergeThreads = LaunchContext.Threads(merge, values.Width);
    private readonly Operand[] _attendOperands = [query, Operand.Table(OperandKind.Positions), Operand.Table(OperandKind.Sequences), Operand.Table(OperandKind.RowSequences), Operand.Table(OperandKind.Pages), pool, scratch];
    private readonly Operand[] _mergeOperands = [scratch, sinks, output];

    /// <summary>Bytes of a part of a row.</summary>
    public static long PartBytes(long queryHeads, long valueWidth) => queryHeads * (2 + valueWidth) * sizeof(float);

    public override void Encode(MetalStep step, in ComputeEncoder encoder)
    {
        var (rows, buffers) = (step.Extents.Tokens, step.Pool!.Buffers.Count);
        if (rows == 0) return;
        var room = (int)Math.Min(int.MaxValue, scratch.Place.Length / PartBytes(fixedArguments.QueryHeads, values.Width));
        // More buffers of pages than parts in a buffer: only with a largest allocation far below what devices have.
        if (buffers > room) throw new OutOfDeviceMemoryException("The scratch memory of attention", (nuint)(buffers * PartBytes(fixedArguments.QueryHeads, values.Width)), null, (nuint)scratch.Place.Length);
        var splits = rows > FewRows ? 1 : Math.Clamp(Math.Min(step.MostCells / (heads > 1 ? LeastCellsOfGroup : LeastCells), room / (buffers * rows)), 1, MostSplits);
        var (parts, chunk) = (buffers * splits, Math.Max(1, (step.MostCells + splits - 1) / splits));
        var atOnce = Math.Max(1, room / parts);
        for (var first = 0; first < rows; first += atOnce)
        {
            var count = Math.Min(atOnce, rows - first);
            // The parts of the rows before have been read.
            if (first > 0) encoder.Barrier();
            Attend(step, encoder, first, count, splits, parts, chunk);
            encoder.Barrier();
            Merge(step, encoder, first, count, parts);
        }
    }

    private void Attend(MetalStep step, in ComputeEncoder encoder, int first, int count, int splits, int parts, int chunk)
    {
        encoder.SetPipeline(attend);
        var perBuffer = step.Pool!.PagesPerBuffer;
        for (var buffer = 0; buffer < step.Pool.Buffers.Count; buffer++)
        {
            var arguments = fixedArguments with
            {
                Keys = AttentionLaunches.Part(pages, keys, buffer, perBuffer), Values = AttentionLaunches.Part(pages, values, buffer, perBuffer), Rows = (uint)count,
                Chunk = (uint)chunk, FirstPart = (uint)(buffer * splits), Parts = (uint)parts,
            };
            encoder.SetBytes(0, arguments);
            Bind(step, encoder, _attendOperands, buffer);
            if (first > 0)
            {
                // What has a row per token begins with the first one.
                Shift(step, encoder, 1, _attendOperands[0], (long)first * fixedArguments.QueryHeads * keys.Width * sizeof(float));
                Shift(step, encoder, 2, _attendOperands[1], first * sizeof(int));
                Shift(step, encoder, 4, _attendOperands[3], first * sizeof(int));
            }
            encoder.Dispatch(new MTLSize(_groups, (ulong)count, (ulong)splits), new MTLSize((ulong)_threads));
        }
    }

    private void Merge(MetalStep step, in ComputeEncoder encoder, int first, int count, int parts)
    {
        encoder.SetPipeline(merge);
        encoder.SetBytes(0, new AttentionMergeArgs { QueryHeads = fixedArguments.QueryHeads, Rows = (uint)count, Width = (uint)values.Width, Parts = (uint)parts, HasSinks = hasSinks });
        Bind(step, encoder, _mergeOperands);
        if (first > 0) Shift(step, encoder, 3, output, (long)first * fixedArguments.QueryHeads * values.Width * sizeof(float));
        encoder.Dispatch(new MTLSize(fixedArguments.QueryHeads, (ulong)count), new MTLSize((ulong)_mergeThreads));
    }

    private static void Shift(MetalStep step, in ComputeEncoder encoder, int index, in Operand operand, long bytes)
        => encoder.SetBufferOffset(index, step[operand].Offset + (ulong)bytes);
}
