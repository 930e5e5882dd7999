using System.Text.RegularExpressions;
using CsCheck;
using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory.Interop;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Memory;
using Xunit;

namespace Hotplug.UnitTests.Memory;

public sealed class PolicyTests
{
    private static readonly Gen<string> Text = Gen.Char["ab.*?"].Array[0, 8].Select(chars => new string(chars));

    [Fact]
    public void Patterns_match_like_the_regular_expression_they_stand_for() => Gen.Select(Text, Gen.Char["ab."].Array[0, 10]).Sample((pattern, chars) =>
    {
        var name = new string(chars);
        var expected = Regex.IsMatch(name, "^" + Regex.Escape(pattern).Replace(@"\*", ".*").Replace(@"\?", ".") + "$");
        Assert.Equal(expected, NamePattern.Matches(pattern, name));
    }, iter: 20_000);

    [Fact]
    public void A_hostile_pattern_does_not_take_for_ever() =>
        Assert.False(NamePattern.Matches(string.Concat(Enumerable.Repeat("*a", 200)) + "b", new string('a', 2_000)));

    [Fact]
    public void Each_contradiction_is_refused_with_a_cure()
    {
        MemoryPolicy[] bad =
        [
            new() { Map = (MapPolicy)9 },
            new() { Lock = (LockPolicy)9 },
            new() { Scope = (LockScope)64 },
            new() { Lock = LockPolicy.Try, Scope = LockScope.None },
            new() { LargestAllocation = 0 },
            new() { Overrides = [new() { Pattern = " ", Map = MapPolicy.Off }] },
            new() { Overrides = [new() { Pattern = "a" }] },
            new() { Overrides = [new() { Pattern = "a", Map = (MapPolicy)7 }] },
            new() { Overrides = [new() { Pattern = "a", Lock = (LockPolicy)7 }] },
        ];
        foreach (var policy in bad)
        {
            var refusal = Assert.Single(policy.Validate());
            Assert.Equal(MemoryRefusalCode.BadPolicy, refusal.Code);
            Assert.NotEmpty(refusal.Cure);
            Assert.Contains(refusal.Reason, new MemoryRefusedException(refusal).Message);
        }
        Assert.Empty(MemoryPolicy.Default.Validate());
    }

    [Fact]
    public void The_first_override_that_states_a_policy_gives_it()
    {
        var policy = new MemoryPolicy
        {
            Map = MapPolicy.Require,
            Lock = LockPolicy.Try,
            Scope = LockScope.KvCache,
            Overrides = [new() { Pattern = "blk.0.*", Lock = LockPolicy.Require }, new() { Pattern = "blk.?.*", Map = MapPolicy.Off, Lock = LockPolicy.Off }],
        };
        Assert.Equal((MapPolicy.Off, LockPolicy.Require), (policy.MapOf("blk.0.w"), policy.LockOf("blk.0.w")));
        Assert.Equal((MapPolicy.Off, LockPolicy.Off), (policy.MapOf("blk.1.w"), policy.LockOf("blk.1.w")));
        // Weights are not in scope, so the general lock policy says nothing about them.
        Assert.Equal((MapPolicy.Require, LockPolicy.Off), (policy.MapOf("out"), policy.LockOf("out")));
    }

    [Fact]
    public void What_may_be_locked_follows_from_limit_capability_and_memory()
    {
        var limits = new HostLimits { PageSize = 4096, LockLimit = 8 << 20, PhysicalMemory = 1 << 30, LimitCure = "raise it" };
        Assert.Equal((nuint)8 << 20, limits.Lockable);
        Assert.Equal(((nuint)8 << 20) - 8192, (limits with { Locked = 4096, LockedLater = 4095 }).Lockable);
        Assert.Equal((nuint)0, (limits with { Locked = 9 << 20 }).Lockable);
        Assert.Equal((nuint)1 << 30, (limits with { MayExceedLockLimit = true }).Lockable);
        Assert.Equal((nuint)1 << 20, (limits with { PhysicalMemory = 1 << 20 }).Lockable);
        Assert.Null((limits with { LockLimit = null, PhysicalMemory = null }).Lockable);

        Assert.Null(limits.RefuseLock("weights", (nuint)8 << 20));
        Assert.Equal("weights: locking needs 9.1 GiB, limit 8 MiB. Raise it.", limits.RefuseLock("weights", unchecked((nuint)9771050598))!.ToString());
        Assert.Contains("physical memory 1 GiB", (limits with { MayExceedLockLimit = true }).RefuseLock("weights", (nuint)2 << 30)!.Reason);
    }

    [Fact]
    public void Maps_are_read_as_the_kernel_writes_them()
    {
        const string Smaps = """
            1000-3000 r--s 00001000 103:01 9000                       /models/a b.gguf
            Size:                  8 kB
            Rss:                   4 kB
            Locked:                2 kB
            VmFlags: rd mr mw me ms lo sd
            3000-4000 ---p 00000000 00:00 0
            Rss:                   0 kB
            Locked:                0 kB
            VmFlags: mr mw me sd
            4000-8000 rw-p 00000000 00:00 0                          [heap]
            Rss:                  16 kB
            Locked:               16 kB
            VmFlags: rd wr mr mw me ac sd lo
            9000-a000 rw-p 00000000 00:00 0
            Rss:                   4 kB
            Locked:                0 kB
            VmFlags: rd wr lowly sd
            """;
        var regions = ProcessMaps.Parse(new StringReader(Smaps), new AddressRange(0x2000, 0x8000 - 0x800));
        Assert.Equal(
        [
            new RegionMeasure(new(0x2000, 0x1000), true, true, true, 2048, 1024),
            new RegionMeasure(new(0x3000, 0x1000), false, false, false, 0, 0),
            new RegionMeasure(new(0x4000, 0x4000), false, true, true, 16384, 16384),
            new RegionMeasure(new(0x9000, 0x800), false, true, false, 2048, 0),
        ], regions);
    }

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1310720, "1.3 MiB")]
    [InlineData(9771050598, "9.1 GiB")]
    [InlineData(long.MaxValue, "8 EiB")]
    public void Bytes_are_written_for_people(long bytes, string text) => Assert.Equal(text, ByteText.Format(bytes));
}
