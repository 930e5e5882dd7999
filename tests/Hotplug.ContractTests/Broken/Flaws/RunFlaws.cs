using System.Runtime.InteropServices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.ContractTests.Broken.Decorators;

namespace Hotplug.ContractTests.Broken;

internal sealed class OutputRowsIgnored : Flaw
{
    public override Fence Run(IExecutable inner, in StepArguments arguments) => inner.Run(Steps.With(arguments, outputRows: [.. Enumerable.Range(0, arguments.OutputRows.Length)]));
}

internal sealed class PagesInOrderOfNumber : Flaw
{
    public override Fence Run(IExecutable inner, in StepArguments arguments)
    {
        var pages = arguments.Pages.ToArray();
        foreach (var sequence in arguments.Sequences) pages.AsSpan(sequence.FirstPage, sequence.PageCount).Sort();
        // Appends go where they belong; attention, later, looks elsewhere: only multi-step use shows it.
        return inner.Run(Steps.With(arguments, pages: arguments.Sequences[0].CachedLength % 2 == 1 ? pages : arguments.Pages.ToArray()));
    }
}

internal sealed class CachedLengthTooLong : Flaw
{
    private int _longest;

    public override Fence Run(IExecutable inner, in StepArguments arguments)
    {
        var sequences = arguments.Sequences.ToArray();
        if (sequences.Length == 1)
        {
            var end = sequences[0].CachedLength + sequences[0].RowCount;
            // Rolling back is not noticed.
            if (end > _longest) _longest = end;
            else if (sequences[0].CachedLength != 0) sequences[0] = sequences[0] with { CachedLength = sequences[0].CachedLength - 1 };
        }
        return inner.Run(Steps.With(arguments, sequences: sequences));
    }
}

internal sealed class CopyForgetsValues : Flaw
{
    public override void KvCopy(IKvLayout inner, KvPageRef source, KvPageRef destination)
    {
        foreach (var layer in inner.Spec.Layers)
        {
            var keys = new byte[layer.KeyRowBytes * inner.Spec.PageTokens];
            inner.Read(source, layer.Layer, KvPart.Keys, 0, keys);
            inner.Write(destination, layer.Layer, KvPart.Keys, 0, keys);
        }
    }
}

internal sealed class FirstCellIgnored : Flaw
{
    public override void KvWrite(IKvLayout inner, KvPageRef page, int layer, KvPart part, int firstCell, ReadOnlySpan<byte> rows)
        => inner.Write(page, layer, part, firstCell == inner.Spec.PageTokens - 1 ? 0 : firstCell, rows);
}

internal sealed class NoiseNowAndThen : Flaw
{
    private int _runs;

    public override Fence Run(IExecutable inner, in StepArguments arguments)
    {
        var fence = inner.Run(arguments);
        if (++_runs % 7 == 0) Steps.Change(arguments.Outputs[0], value => MathF.BitIncrement(value));
        return fence;
    }
}

internal sealed class NeighboursMatter : Flaw
{
    public override Fence Run(IExecutable inner, in StepArguments arguments)
    {
        var fence = inner.Run(arguments);
        if (arguments.Sequences.Length > 1) Steps.Change(arguments.Outputs[0], value => value * 1.000001f);
        return fence;
    }
}

internal sealed class LastResultAgain : Flaw
{
    private readonly Dictionary<IExecutable, int> _last = new(ReferenceEqualityComparer.Instance);

    public override Fence Run(IExecutable inner, in StepArguments arguments)
    {
        var tokens = arguments.TokenIds.Length;
        // "The same extents as last time: nothing changed."
        if (_last.TryGetValue(inner, out var last) && last == tokens) return Fence.Completed;
        _last[inner] = tokens;
        return inner.Run(arguments);
    }
}

internal sealed class Garbage : Flaw
{
    public override bool AllocatesPerRun => false;
}

internal sealed class LossGoesUnnoticed : Flaw
{
    public override Fence Run(IExecutable inner, in StepArguments arguments)
    {
        try
        {
            return inner.Run(arguments);
        }
        catch (DeviceLostException)
        {
            return Fence.Completed;
        }
    }
}

/// <summary>Work begins when somebody waits for its fence; nothing else knows that it is pending.</summary>
internal sealed class RunsWhenWaitedFor : Flaw, IFenceSource
{
    private readonly Queue<(long Token, Action Work)> _pending = new();
    private long _started, _done;

    public override Fence Run(IExecutable inner, in StepArguments arguments)
    {
        var (ids, positions, rows, sequences, pages) = (arguments.TokenIds.ToArray(), arguments.Positions.ToArray(), arguments.OutputRows.ToArray(), arguments.Sequences.ToArray(), arguments.Pages.ToArray());
        var (inputs, outputs, workspace, pool) = (arguments.Inputs.ToArray(), arguments.Outputs.ToArray(), arguments.Workspace.ToArray(), arguments.KvPool);
        _pending.Enqueue((++_started, () => inner.Run(new StepArguments
        {
            TokenIds = ids, Positions = positions, OutputRows = rows, Sequences = sequences, Pages = pages, Inputs = inputs, Outputs = outputs, Workspace = workspace, KvPool = pool,
        })));
        return new Fence(this, _started);
    }

    public bool IsComplete(long token) => token <= _done;

    public bool Wait(long token, TimeSpan timeout)
    {
        while (_done < token)
        {
            var (number, work) = _pending.Dequeue();
            work();
            _done = number;
        }
        return true;
    }

    BackendException? IFenceSource.Fault(long token) => null;
}

internal static class Steps
{
    public static StepArguments With(in StepArguments arguments, int[]? outputRows = null, int[]? pages = null, SequenceStep[]? sequences = null) => new()
    {
        TokenIds = arguments.TokenIds,
        Positions = arguments.Positions,
        OutputRows = outputRows ?? arguments.OutputRows,
        Sequences = sequences ?? arguments.Sequences,
        Pages = pages ?? arguments.Pages,
        Inputs = arguments.Inputs,
        Outputs = arguments.Outputs,
        Workspace = arguments.Workspace,
        KvPool = arguments.KvPool,
        Cancellation = arguments.Cancellation,
    };

    public static void Change(TensorRef tensor, Func<float, float> change)
    {
        var bytes = new byte[tensor.Spec.ByteLength];
        tensor.Buffer.Read(tensor, 0, bytes);
        foreach (ref var value in MemoryMarshal.Cast<byte, float>(bytes.AsSpan())) value = change(value);
        tensor.Buffer.Write(tensor, 0, bytes);
    }
}
