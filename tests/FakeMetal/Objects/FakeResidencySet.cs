using Hotplug.Metal.Fake.Runtime;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>A residency set: holds its allocations; additions and removals wait for a commit.</summary>
internal sealed class FakeResidencySet(FakeRuntime runtime) : FakeObject(runtime, "MTLResidencySet")
{
    private readonly HashSet<FakeBuffer> _pending = [];
    private HashSet<FakeBuffer> _committed = [];
    private bool _resident;

    /// <summary>Whether residency was requested and not ended.</summary>
    public bool IsResident => _resident;

    /// <summary>Allocations as of the last commit.</summary>
    public IReadOnlyCollection<FakeBuffer> Committed => _committed;

    public override void VoidId(string selector, nint value)
    {
        if (selector is not ("addAllocation:" or "removeAllocation:"))
        {
            base.VoidId(selector, value);
            return;
        }
        if (Runtime.Argument<FakeBuffer>(value, selector) is not { } buffer)
        {
            if (value == 0) Violation(ViolationKind.Message, $"{selector} nil.");
            return;
        }
        if (selector == "addAllocation:")
        {
            if (_pending.Add(buffer)) buffer.Hold();
        }
        else if (!Remove(buffer)) Violation(ViolationKind.Residency, $"{buffer} was removed and is not in it.");
    }

    public override void Void(string selector)
    {
        switch (selector)
        {
            case "removeAllAllocations":
                foreach (var buffer in _pending.ToArray()) Remove(buffer);
                break;
            case "commit":
                foreach (var gone in _committed.Except(_pending)) gone.Unhold();
                foreach (var added in _pending.Except(_committed)) added.Hold();
                _committed = [.. _pending];
                break;
            case "requestResidency":
                if (!_committed.SetEquals(_pending)) Violation(ViolationKind.Residency, "residency was requested before changes were committed.");
                _resident = true;
                break;
            case "endResidency":
                if (!_resident) Violation(ViolationKind.Residency, "residency was ended that was not requested.");
                _resident = false;
                break;
            default:
                base.Void(selector);
                break;
        }
    }

    protected override void Gone()
    {
        if (_resident) Violation(ViolationKind.Residency, "it was given back while its memory was resident.");
        foreach (var buffer in _pending) buffer.Unhold();
        foreach (var buffer in _committed) buffer.Unhold();
    }

    private bool Remove(FakeBuffer buffer)
    {
        if (!_pending.Remove(buffer)) return false;
        buffer.Unhold();
        return true;
    }
}
