using CsCheck;
using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory;
using Hotplug.UnitTests.Memory.Fakes;
using Xunit;

namespace Hotplug.UnitTests.Memory;

public sealed class LockLedgerTests
{
    private const int Pages = 24;

    // A model of one counter per page; the platform asserts that no page is locked or unlocked twice.
    [Fact]
    public void Pages_are_locked_while_anybody_holds_them() => Gen.Select(Gen.Int[0, Pages * 4 - 1], Gen.Int[0, Pages * 4], Gen.Bool).List[1, 40].Sample(steps =>
    {
        var platform = new ScriptedPlatform { LockForReal = false };
        var ledger = new LockLedger(platform);
        var quarter = platform.PageSize / 4;
        nuint root = platform.PageSize * 100;
        var counts = new int[Pages];
        var held = new List<(RangeLock Lock, int From, int To)>();
        foreach (var (at, length, unlock) in steps)
        {
            if (unlock && held.Count != 0)
            {
                var (@lock, from, to) = held[at % held.Count];
                held.RemoveAt(at % held.Count);
                @lock.Dispose();
                @lock.Dispose();
                for (var i = from; i < to; i++)
                    counts[i]--;
            }
            else
            {
                var quarters = Math.Min(length, Pages * 4 - at);
                Assert.True(ledger.TryLock(new AddressRange(root + (nuint)at * quarter, (nuint)quarters * quarter), out var taken, out _));
                var (from, to) = (at / 4, quarters == 0 ? at / 4 : (at + quarters + 3) / 4);
                held.Add((taken!, from, to));
                for (var i = from; i < to; i++)
                    counts[i]++;
            }
            for (var i = 0; i < Pages; i++)
                Assert.Equal(counts[i] > 0, platform.LockedPages.Contains(root + (nuint)i * platform.PageSize));
            Assert.Equal((nuint)counts.Count(c => c > 0) * platform.PageSize, ledger.LockedBytes);
            Assert.Equal((nuint)counts.Take(Pages / 2).Count(c => c > 0) * platform.PageSize, ledger.LockedIn(new AddressRange(root, platform.PageSize * (Pages / 2))));
        }
        held.ForEach(h => h.Lock.Dispose());
        Assert.Empty(platform.LockedPages);
        Assert.Equal((nuint)0, ledger.LockedBytes);
    });

    [Fact]
    public void A_refused_lock_leaves_what_was_locked_before_and_nothing_else()
    {
        var page = new ScriptedPlatform().PageSize;
        for (var failAt = 3; failAt <= 5; failAt++)
        {
            var platform = new ScriptedPlatform { LockForReal = false, FailAt = failAt };
            var ledger = new LockLedger(platform);
            Assert.True(ledger.TryLock(new AddressRange(page * 2, page), out var a, out _));
            Assert.True(ledger.TryLock(new AddressRange(page * 5, page), out var b, out _));
            // Three gaps around the two: each in turn is refused.
            Assert.False(ledger.TryLock(new AddressRange(page, page * 7), out var none, out var reason));
            Assert.Null(none);
            Assert.Contains("12", reason);
            Assert.Equal([page * 2, page * 5], platform.LockedPages.Order());
            Assert.Equal(page * 2, ledger.LockedBytes);
            a!.Dispose();
            b!.Dispose();
            Assert.Empty(platform.LockedPages);
        }
    }
}
