using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory.Interop;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Memory;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Hotplug.UnitTests.Memory.Fakes;

/// <summary>The real platform, but for the call that a test wants to fail, and limits that a test sets. Counts what it was asked.</summary>
internal sealed class ScriptedPlatform : HostMemoryPlatform
{
    private readonly HostMemoryPlatform _real = Current;
    private int _calls;

    /// <summary>Number of the call that fails, from 1; 0 for none.</summary>
    public int FailAt { get; init; }

    /// <summary>Limits instead of the real ones.</summary>
    public HostLimits? Limits { get; init; }

    /// <summary>False to keep locks from the system and only record them.</summary>
    public bool LockForReal { get; init; } = true;

    /// <summary>Calls that could have failed.</summary>
    public int Calls => _calls;

    /// <summary>Pages locked now, by address.</summary>
    public HashSet<nuint> LockedPages { get; } = [];

    /// <summary>Hints given, in order.</summary>
    public List<(MemoryAdvice Advice, AddressRange Range)> Advised { get; } = [];

    public override nuint Reserve(nuint length, nuint alignment)
    {
        Fail("reserve");
        return _real.Reserve(length, alignment);
    }

    public override void Commit(nuint address, nuint length)
    {
        Fail("commit");
        _real.Commit(address, length);
    }

    public override void Map(nuint address, nuint length, SafeFileHandle file, long offset)
    {
        Fail("map");
        _real.Map(address, length, file, offset);
    }

    public override void Release(nuint address, nuint length) => _real.Release(address, length);

    public override void Recede(nuint address, nuint length, RegionKind kind) => _real.Recede(address, length, kind);

    public override int Lock(nuint address, nuint length)
    {
        if (++_calls == FailAt)
            return 12;
        var error = LockForReal ? _real.Lock(address, length) : 0;
        for (nuint at = 0; error == 0 && at < length; at += PageSize)
            Assert.True(LockedPages.Add(address + at), "a page was locked twice");
        return error;
    }

    public override int Unlock(nuint address, nuint length)
    {
        for (nuint at = 0; at < length; at += PageSize)
            Assert.True(LockedPages.Remove(address + at), "a page was unlocked that was not locked");
        return LockForReal ? _real.Unlock(address, length) : 0;
    }

    public override void Advise(nuint address, nuint length, MemoryAdvice advice)
    {
        Advised.Add((advice, new(address, length)));
        _real.Advise(address, length, advice);
    }

    public override HostLimits QueryLimits() => Limits ?? _real.QueryLimits();

    public override nuint? QueryLocked() => _real.QueryLocked();

    public override IReadOnlyList<RegionMeasure>? Measure(AddressRange range) => LockForReal ? _real.Measure(range) : null;

    private void Fail(string what)
    {
        if (++_calls == FailAt)
            throw new HostMemoryException($"asked to fail at {what}", 12);
    }
}
