using Hotplug.Metal.Fake.Execution;
using Hotplug.Metal.Fake.Runtime;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>A command buffer.</summary>
internal sealed class FakeCommandBuffer : FakeObject
{
    private const ulong NotEnqueued = 0, Enqueued = 1, Committed = 2, Completed = 4, Failed = 5;

    private readonly FakeQueue _queue;
    private readonly bool _retaining;
    private readonly HashSet<FakeObject> _used = [];
    private readonly List<Pass> _passes = [];
    private readonly List<(FakeSharedEvent Event, ulong Value)> _signals = [];
    private FakeEncoder? _open;
    private FakeError? _error;
    private ulong _status = NotEnqueued;
    private int _polls;

    public FakeCommandBuffer(FakeRuntime runtime, FakeQueue queue, bool retaining) : base(runtime, "MTLCommandBuffer")
    {
        _queue = queue;
        _retaining = retaining;
        queue.Hold();
    }

    public IReadOnlyList<Pass> Passes => _passes;

    /// <summary>Buffers and pipelines that its commands name.</summary>
    public IReadOnlyCollection<FakeObject> Used => _used;

    /// <summary>Whether it has a place in the order of the queue.</summary>
    public bool HasPlace => _status >= Enqueued;

    public bool IsCommitted => _status >= Committed;
    public bool IsEnded => _status >= Completed;

    /// <summary>Whether it neither runs nor ends.</summary>
    public bool IsHung { get; set; }

    /// <summary>Notes that a command names an object.</summary>
    public void Use(FakeObject used)
    {
        if (_used.Add(used) && _retaining) used.Hold();
    }

    /// <summary>Called by its encoder that ends.</summary>
    public void Ended(FakeEncoder encoder)
    {
        if (_open == encoder) _open = null;
    }

    /// <summary>Ends it: completed, or failed with an error.</summary>
    public void Finish(FakeError? error)
    {
        _error = error;
        _status = error is null ? Completed : Failed;
        foreach (var (signalled, _) in _signals) signalled.Settle(this, error is null);
        _signals.Clear();
        foreach (var used in _used)
        {
            used.LeaveFlight();
            if (_retaining) used.Unhold();
        }
        _used.Clear();
        _passes.Clear();
    }

    /// <summary>Runs everything up to it.</summary>
    public void Run() => _queue.RunTo(this);

    public override void VoidIdUInt64(string selector, nint value, ulong number)
    {
        if (selector != "encodeSignalEvent:value:")
        {
            base.VoidIdUInt64(selector, value, number);
            return;
        }
        if (IsCommitted || _open is not null)
        {
            Violation(ViolationKind.State, IsCommitted ? "a signal after the commit." : $"a signal while {_open} was open.");
            return;
        }
        if (Runtime.Argument<FakeSharedEvent>(value, selector) is { } signalled)
        {
            Use(signalled);
            _signals.Add((signalled, number));
        }
        else if (value == 0) Violation(ViolationKind.Message, "a signal to nil.");
    }

    public override nint Id(string selector)
    {
        switch (selector)
        {
            case "blitCommandEncoder":
                return Open(pass => new FakeBlitEncoder(Runtime, this, pass), concurrent: false);
            case "error":
                if (_error is null) return 0;
                _error.Retain();
                return Runtime.Autorelease(_error);
            default:
                return base.Id(selector);
        }
    }

    public override nint IdUInt64(string selector, ulong value)
    {
        if (selector != "computeCommandEncoderWithDispatchType:") return base.IdUInt64(selector, value);
        if (value > 1) Violation(ViolationKind.Binding, $"dispatch type {value}.");
        return Open(pass => new FakeComputeEncoder(Runtime, this, pass), concurrent: value == 1);
    }

    public override ulong UInt64(string selector)
    {
        if (selector != "status") return base.UInt64(selector);
        if (_status == Committed && Runtime.Options.PollsUntilComplete is { } polls && ++_polls > polls) _queue.RunTo(this);
        return _status;
    }

    public override double Double(string selector) => selector switch
    {
        "GPUStartTime" => IsEnded ? 1.0 : 0.0,
        "GPUEndTime" => IsEnded ? 1.5 : 0.0,
        _ => base.Double(selector),
    };

    public override void Void(string selector)
    {
        switch (selector)
        {
            case "enqueue":
                if (_status != NotEnqueued) Violation(ViolationKind.State, "it was enqueued twice or after the commit.");
                else Enqueue();
                break;
            case "commit":
                Commit();
                break;
            case "waitUntilCompleted":
                if (!IsCommitted) Violation(ViolationKind.State, "waiting for it never ends: it was not committed.");
                else if (_queue.Hangs(this) is { } hung) Violation(ViolationKind.State, $"waiting for it never ends: {hung} hangs.");
                else _queue.RunTo(this);
                break;
            default:
                base.Void(selector);
                break;
        }
    }

    protected override void Gone()
    {
        if (!IsEnded)
        {
            if (_retaining)
                foreach (var used in _used) used.Unhold();
        }
        _error?.Release();
        _queue.Unhold();
    }

    private void Enqueue()
    {
        _queue.Enqueue(this);
        _status = Enqueued;
    }

    private void Commit()
    {
        if (_open is not null) Violation(ViolationKind.State, $"it was committed while {_open} was open.");
        if (IsCommitted)
        {
            Violation(ViolationKind.State, "it was committed twice.");
            return;
        }
        if (_status == NotEnqueued) Enqueue();
        foreach (var used in _used)
        {
            if (used.IsGone) Violation(ViolationKind.FreedInFlight, $"{used}, which its commands name, was given back before the commit.");
            used.EnterFlight();
        }
        foreach (var (signalled, value) in _signals) signalled.Promise(this, value);
        IsHung = Runtime.Faults.TryTake(FakeFaults.HangKey, out _, out _);
        _status = Committed;
    }

    private nint Open(Func<Pass, FakeEncoder> make, bool concurrent)
    {
        if (IsCommitted || _open is not null)
        {
            Violation(ViolationKind.State, IsCommitted ? "an encoder was opened after the commit." : $"an encoder was opened while {_open} was.");
            return 0;
        }
        var pass = new Pass(concurrent);
        _passes.Add(pass);
        _open = make(pass);
        return Runtime.Autorelease(_open);
    }
}
