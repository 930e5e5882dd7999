using Hotplug.Metal.Fake.Memory;
using Hotplug.Metal.Fake.Runtime;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>A buffer over memory of the double, or over memory of the host.</summary>
internal sealed class FakeBuffer : FakeObject
{
    private readonly GuardedMemory? _memory;
    private readonly bool _private;

    /// <summary>Allocates.</summary>
    public FakeBuffer(FakeRuntime runtime, ulong length, bool isPrivate) : base(runtime, "MTLBuffer")
    {
        _memory = new(length, runtime.Options.PageSize);
        _private = isPrivate;
        Start = _memory.Start;
        Length = length;
        runtime.Allocated += Charged;
    }

    /// <summary>Wraps.</summary>
    public FakeBuffer(FakeRuntime runtime, nint memory, ulong length) : base(runtime, "MTLBuffer")
    {
        Start = memory;
        Length = length;
        runtime.Allocated += Charged;
    }

    /// <summary>The first byte.</summary>
    public nint Start { get; }

    /// <summary>Bytes.</summary>
    public ulong Length { get; }

    /// <summary>
    /// Bytes of it that must be mapped. Where this machine's pages are smaller than those the double pretends to have, what lies behind the first of them in its last
    /// page would be mapped on a Mac and need not be here.
    /// </summary>
    public ulong Covered => CoveredOf(Runtime, Length);

    /// <summary>Whether it stands on memory of the host.</summary>
    public bool IsWrapped => _memory is null;

    /// <summary>Bytes that must be mapped of so many.</summary>
    public static ulong CoveredOf(FakeRuntime runtime, ulong length) => length - (ulong)Math.Max(0, runtime.Options.PageSize - Environment.SystemPageSize);

    private ulong Charged => (Length + (ulong)Runtime.Options.PageSize - 1) / (ulong)Runtime.Options.PageSize * (ulong)Runtime.Options.PageSize;

    /// <summary>Reports bytes that were written beside it.</summary>
    public void CheckGuards(string when)
    {
        if (_memory is { IsIntact: false }) Violation(ViolationKind.Overrun, $"bytes beside its {Length} were overwritten, found {when}.");
    }

    public override ulong UInt64(string selector) => selector switch
    {
        "length" => Length,
        "gpuAddress" => (ulong)Start,
        _ => base.UInt64(selector),
    };

    public override nint Pointer(string selector) => selector == "contents" ? _private ? 0 : Start : base.Pointer(selector);

    public override void VoidId(string selector, nint value)
    {
        if (selector == "setLabel:") Runtime.Argument<FakeString>(value, selector);
        else base.VoidId(selector, value);
    }

    public override void Free() => _memory?.Dispose();

    protected override void Gone()
    {
        Runtime.Allocated -= Charged;
        CheckGuards("when it was given back");
        if (IsWrapped && FakeRuntime.Map().Of(Start, Covered) == HostAccess.None)
            Violation(ViolationKind.Unmapped, "the memory under it was unmapped before it was given back.");
        Free();
    }
}
