using Hotplug.Metal.Fake.Runtime;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>
/// An object behind a handle. References of the binding and of pools are counted apart from those of other objects: with none of the former it must
/// not be used, with none of either it is gone.
/// </summary>
internal abstract class FakeObject
{
    private int _owners;
    private int _holders;
    private int _flights;

    /// <param name="runtime">Where it lives.</param>
    /// <param name="className">Its class, a receiver of the facts; null for classes.</param>
    /// <param name="owners">References that come with it.</param>
    protected FakeObject(FakeRuntime runtime, string? className, int owners = 1)
    {
        Runtime = runtime;
        _owners = owners;
        Class = className is null ? (FakeClass)this : runtime.Class(className);
        Address = runtime.Register(this);
    }

    public FakeRuntime Runtime { get; }
    public FakeClass Class { get; }
    public nint Address { get; }

    /// <summary>References are not counted: classes.</summary>
    public bool IsImmortal { get; protected init; }

    /// <summary>Nobody but other objects has a reference.</summary>
    public bool IsUnowned => !IsImmortal && _owners == 0;

    /// <summary>Nobody has a reference.</summary>
    public bool IsGone => IsUnowned && _holders == 0;

    /// <summary>Takes a reference for the binding or a pool.</summary>
    public void Retain() => _owners++;

    /// <summary>Gives one back.</summary>
    public void Release()
    {
        if (IsImmortal) return;
        if (_owners == 0)
        {
            Runtime.Report(ViolationKind.OverRelease, $"{this} was given back more often than taken.");
            return;
        }
        if (--_owners > 0) return;
        Unowned();
        if (_holders == 0) Gone();
    }

    /// <summary>Takes a reference for another object.</summary>
    public void Hold() => _holders++;

    /// <summary>Gives one back.</summary>
    public void Unhold()
    {
        if (--_holders == 0 && IsGone) Gone();
    }

    /// <summary>A command buffer that uses it was committed.</summary>
    public void EnterFlight() => _flights++;

    /// <summary>That command buffer has ended.</summary>
    public void LeaveFlight() => _flights--;

    /// <summary>Frees native memory, at the latest when the double is disposed.</summary>
    public virtual void Free()
    {
    }

    /// <summary>The last reference that the binding had is given back.</summary>
    private void Unowned()
    {
        if (_flights == 0) return;
        if (_holders == 0 || Runtime.Options.StrictLifetimes)
            Runtime.Report(ViolationKind.FreedInFlight, $"{this} was given back while {_flights} command buffer(s) used it.");
    }

    /// <summary>The last reference of all is given back.</summary>
    protected virtual void Gone() => Free();

    // One member per shape of call. What an object does not override, it does not answer.

    public virtual void Void(string selector)
    {
        if (selector == "release") Release();
        else Unknown(selector);
    }

    public virtual nint Id(string selector)
    {
        if (selector != "retain") return Unknown(selector);
        Retain();
        return Address;
    }

    public virtual ulong UInt64(string selector) => (ulong)Unknown(selector);
    public virtual long Int64(string selector) => Unknown(selector);
    public virtual double Double(string selector) => Unknown(selector);
    public virtual bool Bool(string selector) => Unknown(selector) != 0;
    public virtual nint Pointer(string selector) => Unknown(selector);
    public virtual nint Text(string selector) => Unknown(selector);
    public virtual nint IdText(string selector, nint text) => Unknown(selector);
    public virtual nint IdUInt64(string selector, ulong value) => Unknown(selector);
    public virtual nint IdId(string selector, nint value) => Unknown(selector);
    public virtual nint IdUInt64UInt64(string selector, ulong first, ulong second) => Unknown(selector);
    public virtual nint IdPointerUInt64UInt64Block(string selector, nint pointer, ulong first, ulong second, NoBlock block) => Unknown(selector);

    /// <summary>The result, or the error that becomes an NSError.</summary>
    public virtual (nint Made, FakeError? Error) IdIdError(string selector, nint value) => (Unknown(selector), null);

    /// <summary>The result, or the error that becomes an NSError.</summary>
    public virtual (nint Made, FakeError? Error) IdIdIdError(string selector, nint first, nint second) => (Unknown(selector), null);

    public virtual bool BoolInt64(string selector, long value) => Unknown(selector) != 0;

    public virtual bool BoolSelector(string selector, Selector asked) =>
        Runtime.SelectorName(asked.Address) is { } name && Class.Encoding(name, this is FakeClass) is not null &&
        !(Runtime.Options.Encodings.TryGetValue(name, out var other) && other.Length == 0);

    public virtual void VoidId(string selector, nint value) => Unknown(selector);
    public virtual bool BoolUInt64UInt64(string selector, ulong first, ulong second) => Unknown(selector) != 0;

    public virtual void VoidIdUInt64(string selector, nint value, ulong number) => Unknown(selector);

    public virtual void VoidUInt64(string selector, ulong value) => Unknown(selector);
    public virtual void VoidInt64(string selector, long value) => Unknown(selector);
    public virtual void VoidBool(string selector, bool value) => Unknown(selector);
    public virtual void VoidUInt64UInt64(string selector, ulong first, ulong second) => Unknown(selector);
    public virtual void VoidIdUInt64UInt64(string selector, nint value, ulong first, ulong second) => Unknown(selector);
    public virtual void VoidPointerUInt64UInt64(string selector, nint pointer, ulong first, ulong second) => Unknown(selector);
    public virtual void VoidIdsUInt64(string selector, ReadOnlySpan<nint> values) => Unknown(selector);
    public virtual void VoidSizeSize(string selector, MTLSize first, MTLSize second) => Unknown(selector);

    public virtual void VoidIdUInt64IdUInt64UInt64(string selector, nint first, ulong firstOffset, nint second, ulong secondOffset, ulong length) =>
        Unknown(selector);

    public virtual void VoidIdRangeByte(string selector, nint value, NSRange range, byte fill) => Unknown(selector);

    public override string ToString() => $"{Class.Name} 0x{Address:x}";

    protected void Violation(ViolationKind kind, string text) => Runtime.Report(kind, $"{this}: {text}");

    private int Unknown(string selector)
    {
        Runtime.Report(ViolationKind.Double, $"The double does not know {selector} of {this}.");
        return 0;
    }
}
