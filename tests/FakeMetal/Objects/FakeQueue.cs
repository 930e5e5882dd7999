using Hotplug.Metal.Fake.Execution;
using Hotplug.Metal.Fake.Runtime;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>A command queue: keeps the order of command buffers and runs them when one is waited for.</summary>
internal sealed class FakeQueue(FakeRuntime runtime) : FakeObject(runtime, "MTLCommandQueue")
{
    private readonly Queue<FakeCommandBuffer> _order = [];
    private readonly HashSet<FakeResidencySet> _sets = [];

    public override nint Id(string selector) => selector switch
    {
        "commandBuffer" => Runtime.Autorelease(new FakeCommandBuffer(Runtime, this, retaining: true)),
        "commandBufferWithUnretainedReferences" => Runtime.Autorelease(new FakeCommandBuffer(Runtime, this, retaining: false)),
        _ => base.Id(selector),
    };

    public override void VoidId(string selector, nint value)
    {
        if (selector is not ("addResidencySet:" or "removeResidencySet:"))
        {
            base.VoidId(selector, value);
            return;
        }
        if (Runtime.Argument<FakeResidencySet>(value, selector) is not { } set)
        {
            if (value == 0) Violation(ViolationKind.Message, $"{selector} nil.");
            return;
        }
        if (selector == "addResidencySet:")
        {
            if (_sets.Add(set)) set.Hold();
        }
        else if (_sets.Remove(set)) set.Unhold();
        else Violation(ViolationKind.Residency, $"{set} was removed and is not of this queue.");
    }

    /// <summary>Gives a command buffer its place.</summary>
    public void Enqueue(FakeCommandBuffer commands)
    {
        _order.Enqueue(commands);
        commands.Hold();
    }

    /// <summary>The command buffer that keeps another from ever running, or null.</summary>
    public FakeCommandBuffer? Hangs(FakeCommandBuffer last) => last.IsEnded ? null : _order.TakeWhile(c => c != last).Append(last).FirstOrDefault(c => c.IsHung);

    /// <summary>Runs everything up to one command buffer, or to one that hangs.</summary>
    public void RunTo(FakeCommandBuffer last)
    {
        while (!last.IsEnded && _order.TryPeek(out var next))
        {
            if (next.IsHung) return;
            if (!next.IsCommitted)
            {
                Violation(ViolationKind.State, $"waiting for {last} never ends: {next} was enqueued before it and is not committed.");
                return;
            }
            _order.Dequeue();
            next.Finish(new Executor(Runtime).Run(next));
            next.Unhold();
        }
    }

    protected override void Gone()
    {
        foreach (var set in _sets) set.Unhold();
        if (_order.Count != 0) Violation(ViolationKind.FreedInFlight, $"it was given back with {_order.Count} unfinished command buffer(s).");
    }
}
