using CsCheck;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.UnitTests.Memory.Fakes;
using Xunit;

namespace Hotplug.UnitTests.Memory;

public sealed class CompositionPlannerTests
{
    private const nuint Page = 4096;
    private static readonly HostLimits Unlimited = new() { PageSize = Page };

    [Fact]
    public void Every_plan_keeps_the_rules() => Composition.Any.Sample(c =>
    {
        var outcome = c.Plan();
        Assert.Equal(outcome.IsRefused, outcome.Refusals.Count != 0);
        Assert.All(outcome.Refusals, refusal => Assert.True(refusal.Reason.Length != 0 && refusal.Cure.Length != 0 && refusal.Subject.Length != 0));
        if (outcome.Plan is not { } plan)
            return;
        CheckParts(c, plan);
        CheckTensors(c, plan);
        CheckLocks(c, plan);
        Assert.Equal(c.Requests.Sum(request => request.Spec.ByteLength), plan.TensorBytes);
    }, iter: 3_000);

    private static void CheckParts(Composition c, CompositionPlan plan)
    {
        var page = c.Limits.PageSize;
        nuint end = 0;
        Assert.True(nuint.IsPow2(plan.Alignment));
        foreach (var (part, i) in plan.Parts.Select((part, i) => (part, i)))
        {
            Assert.Equal(i, part.Index);
            Assert.True(part.Offset >= end, "parts overlap");
            Assert.Equal((nuint)0, part.Offset % nuint.Max(page, part.BufferType.BaseAlignment));
            Assert.Equal((nuint)0, plan.Alignment % nuint.Max(page, part.BufferType.BaseAlignment));
            Assert.True(part.Length <= nuint.Min(part.BufferType.MaxLength, c.Policy.LargestAllocation ?? nuint.MaxValue), "a part is too large");
            end = part.Offset + (part.Length == 0 ? part.BufferType.BaseAlignment : part.Length);
            // Pages of its own.
            end = (end + page - 1) / page * page;
            Assert.True(part.Offset + part.Length <= plan.Length);
            Assert.Equal(part.BufferType.Traits.HostVisible, part.Backing != PartBacking.Device);
            var tensors = plan.Tensors.Where(tensor => tensor.Part == i).ToList();
            Assert.NotEmpty(tensors);
            if (part.Backing != PartBacking.FileMapping)
                continue;
            Assert.True(part.BufferType.Traits.Adopts);
            var first = tensors.Min(tensor => tensor.FileOffset);
            var last = tensors.Max(tensor => tensor.FileOffset + tensor.Bytes);
            Assert.Equal(first / (long)page * (long)page, part.FileOffset);
            Assert.Equal((last + (long)page - 1) / (long)page * (long)page, part.FileOffset + (long)part.Length);
            Assert.True(part.FileOffset + (long)part.Length < c.FileLengths[part.File] + (long)page);
            // No hole of 64 KiB of whole pages is mapped.
            long covered = part.FileOffset;
            foreach (var tensor in tensors.OrderBy(tensor => tensor.FileOffset))
            {
                Assert.True(tensor.FileOffset / (long)page * (long)page - covered < 65536, "a hole is mapped");
                covered = Math.Max(covered, (tensor.FileOffset + tensor.Bytes + (long)page - 1) / (long)page * (long)page);
            }
        }
    }

    private static void CheckTensors(Composition c, CompositionPlan plan)
    {
        Assert.Equal(c.Requests.Length, plan.Tensors.Count);
        for (var i = 0; i < c.Requests.Length; i++)
        {
            var (request, tensor) = (c.Requests[i], plan.Tensors[i]);
            var part = plan.Parts[tensor.Part];
            Assert.Equal((i, request.Spec, request.File, request.FileOffset), (tensor.Request, tensor.Spec, tensor.File, tensor.FileOffset));
            Assert.Same(request.BufferType, part.BufferType);
            Assert.Equal(request.Device, part.Device);
            Assert.Equal(request.BufferType.AllocationSize(request.Spec), tensor.Size);
            Assert.True(tensor.Offset + tensor.Size <= part.Length, "a tensor leaves its part");
            Assert.Equal((nuint)0, tensor.Offset % request.BufferType.TensorAlignment);
            var traits = request.BufferType.Traits;
            var wish = c.Policy.MapOf(request.Spec.Name);
            var pages = (request.FileOffset + tensor.Bytes + 4095) / 4096 * 4096 - request.FileOffset / 4096 * 4096;
            var mappable = traits.Adopts && tensor.Bytes != 0 && request.FileOffset % (long)request.BufferType.TensorAlignment == 0
                && (ulong)pages <= nuint.Min(request.BufferType.MaxLength, c.Policy.LargestAllocation ?? nuint.MaxValue);
            Assert.Equal(!traits.HostVisible ? MapFate.OnDevice : mappable && wish != MapPolicy.Off ? MapFate.Mapped : MapFate.Copied, tensor.Map);
            Assert.Equal(tensor.Map == MapFate.Copied, tensor.MapReason.Length != 0);
            if (tensor.Map == MapFate.Mapped)
                Assert.Equal((PartBacking.FileMapping, request.File, request.FileOffset - part.FileOffset), (part.Backing, part.File, (long)tensor.Offset));
            else
                Assert.NotEqual(PartBacking.FileMapping, part.Backing);
            Assert.False(wish == MapPolicy.Require && tensor.Map == MapFate.Copied && tensor.Bytes != 0);
        }
        // Copies do not overlap; mappings may, as the file has them.
        foreach (var part in plan.Parts.Where(part => part.Backing != PartBacking.FileMapping))
        {
            nuint end = 0;
            foreach (var tensor in plan.Tensors.Where(tensor => tensor.Part == part.Index && tensor.Size != 0).OrderBy(tensor => tensor.Offset))
            {
                Assert.True(tensor.Offset >= end, "tensors overlap");
                end = tensor.Offset + tensor.Size;
            }
        }
    }

    private static void CheckLocks(Composition c, CompositionPlan plan)
    {
        var pages = new HashSet<nuint>[plan.Parts.Count, 2];
        var resident = new long[plan.Parts.Count];
        var asked = new long[plan.Parts.Count];
        for (var i = 0; i < plan.Parts.Count; i++)
            (pages[i, 0], pages[i, 1]) = ([], []);
        foreach (var tensor in plan.Tensors)
        {
            var part = plan.Parts[tensor.Part];
            var wished = tensor.LockWish != LockPolicy.Off && tensor.Bytes != 0;
            Assert.Equal(c.Policy.LockOf(tensor.Spec.Name), tensor.LockWish);
            Assert.Equal(wished, tensor.Lock != LockFate.NotAsked);
            Assert.Equal(tensor.Lock is LockFate.Refused or LockFate.OverLimit, tensor.LockReason.Length != 0);
            Assert.Equal(tensor.Lock == LockFate.Locked ? 1 : 0, plan.LockOrder.Count(i => i == tensor.Request));
            Assert.False(tensor is { LockWish: LockPolicy.Require, Lock: LockFate.Refused or LockFate.OverLimit });
            if (!wished)
                continue;
            if (part.Backing == PartBacking.Device)
            {
                Assert.Equal(part.BufferType.Traits.Residency == Residency.Resident ? LockFate.Resident : LockFate.Refused, tensor.Lock);
                (asked[tensor.Part], resident[tensor.Part]) = (asked[tensor.Part] + tensor.Bytes, resident[tensor.Part] + (tensor.Lock == LockFate.Resident ? tensor.Bytes : 0));
                continue;
            }
            Assert.True(tensor.Lock is LockFate.Locked or LockFate.OverLimit);
            for (var at = (part.Offset + tensor.Offset) / Page; at < (part.Offset + tensor.Offset + tensor.Size + Page - 1) / Page; at++)
            {
                pages[tensor.Part, 0].Add(at);
                if (tensor.Lock == LockFate.Locked)
                    pages[tensor.Part, 1].Add(at);
            }
        }
        for (var i = 0; i < plan.Parts.Count; i++)
        {
            Assert.Equal(pages[i, 0].Count * (long)Page + asked[i], plan.Parts[i].LockAsked);
            Assert.Equal(pages[i, 1].Count * (long)Page, plan.Parts[i].LockBytes);
            Assert.Equal(resident[i], plan.Parts[i].ResidentBytes);
        }
        Assert.True(c.Limits.Lockable is not { } lockable || (nuint)plan.LockBytes <= lockable, "more is locked than the limit allows");
        // What is skipped would not have fitted when its turn came, so it does not fit at the end.
        foreach (var tensor in plan.Tensors.Where(tensor => tensor.Lock == LockFate.OverLimit))
        {
            var part = plan.Parts[tensor.Part];
            var missing = 0;
            for (var at = (part.Offset + tensor.Offset) / Page; at < (part.Offset + tensor.Offset + tensor.Size + Page - 1) / Page; at++)
                missing += pages[tensor.Part, 1].Contains(at) ? 0 : 1;
            Assert.True(missing != 0 && (nuint)plan.LockBytes + (nuint)missing * Page > c.Limits.Lockable, "a tensor was skipped that fits");
        }

    }

    [Fact]
    public void The_order_of_requests_does_not_change_the_layout() => Gen.Select(Composition.Allowed, Gen.Int[0, 1000]).Sample((c, seed) =>
    {
        var order = Enumerable.Range(0, c.Requests.Length).ToArray();
        new Random(seed).Shuffle(order);
        // Groups lie in order of first appearance, so types keep theirs.
        order = [.. order.OrderBy(i => Array.IndexOf(c.Types, c.Requests[i].BufferType))];
        var sorted = c with { Requests = [.. c.Requests.OrderBy(r => Array.IndexOf(c.Types, r.BufferType))] };
        var shuffled = c with { Requests = [.. order.Select(i => c.Requests[i])] };
        var (a, b) = (sorted.Plan().Required(), shuffled.Plan().Required());
        Assert.Equal(a.Parts.Select(p => (p.Offset, p.Length, p.Backing, p.File, p.FileOffset)), b.Parts.Select(p => (p.Offset, p.Length, p.Backing, p.File, p.FileOffset)));
        // Tensors without bytes may stand anywhere.
        Assert.Equal(a.Tensors.Where(t => t.Bytes != 0).OrderBy(t => t.Spec.Name).Select(t => (t.Part, t.Offset)), b.Tensors.Where(t => t.Bytes != 0).OrderBy(t => t.Spec.Name).Select(t => (t.Part, t.Offset)));
    }, iter: 500);

    [Fact]
    public void A_boundary_page_is_mapped_in_both_parts()
    {
        var cpu = FakeBufferType.Cpu(2 * Page);
        var plan = Plan([At(32, 5000, cpu), At(5056, 2000, cpu), At(7072, 3000, cpu)]).Required();
        Assert.Equal([(0L, 2 * Page), (4096L, 2 * Page)], plan.Parts.Select(part => (part.FileOffset, part.Length)));
        Assert.Equal([(0, (nuint)32), (0, (nuint)5056), (1, (nuint)(7072 - 4096))], plan.Tensors.Select(tensor => (tensor.Part, tensor.Offset)));
    }

    [Fact]
    public void A_hole_of_other_peoples_tensors_splits_the_mapping()
    {
        var cpu = FakeBufferType.Cpu();
        Assert.Single(Plan([At(0, 4096, cpu), At(4096 + 65536 - 4096, 10, cpu)]).Required().Parts);
        Assert.Equal(2, Plan([At(0, 4096, cpu), At(4096 + 65536, 10, cpu)]).Required().Parts.Count);
    }

    [Fact]
    public void A_tensor_larger_than_the_largest_allocation_is_refused_by_name()
    {
        foreach (var (type, policy) in ((FakeBufferType, MemoryPolicy)[])[(FakeBufferType.Cpu(4999), new()), (FakeBufferType.Far(4999), new()), (FakeBufferType.Cpu(), new() { LargestAllocation = 4999 })])
        {
            var refusal = Assert.Single(Plan([At(0, 100, type), At(128, 5000, type)], policy).Refusals);
            Assert.Equal((MemoryRefusalCode.TooLarge, "t128"), (refusal.Code, refusal.Subject));
            Assert.Contains("4999", refusal.Reason);
        }
    }

    [Fact]
    public void What_fits_only_without_page_boundaries_is_copied_or_refused_under_require()
    {
        // 4096 bytes that touch two pages.
        var cpu = FakeBufferType.Cpu(4096);
        var plan = Plan([At(64, 4096, cpu)]).Required();
        Assert.Equal((MapFate.Copied, PartBacking.Committed), (plan.Tensors[0].Map, plan.Parts[0].Backing));
        Assert.Contains("8192", plan.Tensors[0].MapReason);
        var refusal = Assert.Single(Plan([At(64, 4096, cpu)], new() { Map = MapPolicy.Require }).Refusals);
        Assert.Equal(MemoryRefusalCode.MapImpossible, refusal.Code);
        Assert.Contains("--mmap auto", refusal.Cure);
    }

    [Fact]
    public void Required_mapping_is_refused_once_for_each_reason_and_exempts_devices()
    {
        var (own, far) = (FakeBufferType.Interleaved(), FakeBufferType.Far());
        var refusal = Assert.Single(Plan([At(0, 10, own), At(32, 10, own), At(64, 10, own), At(96, 10, far)], new() { Map = MapPolicy.Require }).Refusals);
        Assert.Equal((MemoryRefusalCode.MapImpossible, "t0 and 2 more"), (refusal.Code, refusal.Subject));
        var plan = Plan([At(0, 10, FakeBufferType.Cpu()), At(96, 10, far)], new() { Map = MapPolicy.Require }).Required();
        Assert.Contains(plan.Notices, notice => notice.Contains("exempt"));
        Assert.Contains("not aligned to 32", Assert.Single(Plan([At(33, 10, FakeBufferType.Cpu())], new() { Map = MapPolicy.Require }).Refusals).Reason);
    }

    [Fact]
    public void The_lock_limit_is_checked_before_anything_is_loaded()
    {
        var limits = Unlimited with { LockLimit = 8 << 20, LimitCure = "raise it" };
        var big = new TensorSpec { Name = "w", Type = TensorType.I8, Shape = new(4096, 3000) };
        var request = new WeightRequest { Spec = big, FileOffset = 0, BufferType = FakeBufferType.Cpu() };
        var refusal = Assert.Single(CompositionPlanner.Plan([request], [big.ByteLength], new() { Lock = LockPolicy.Require }, limits).Refusals);
        Assert.Equal("weights: locking needs 11.7 MiB, limit 8 MiB. Raise it.", refusal.ToString());
        Assert.False(CompositionPlanner.Plan([request], [big.ByteLength], new() { Lock = LockPolicy.Require }, limits with { MayExceedLockLimit = true }).IsRefused);
        Assert.True(CompositionPlanner.Plan([request], [big.ByteLength], new() { Lock = LockPolicy.Require }, limits with { LockLimit = 16 << 20, LockedLater = 8 << 20 }).IsRefused);
        var tried = CompositionPlanner.Plan([request], [big.ByteLength], new() { Lock = LockPolicy.Try }, limits).Required();
        Assert.Equal((LockFate.OverLimit, 0L), (tried.Tensors[0].Lock, tried.LockBytes));
        Assert.Contains(tried.Notices, notice => notice.Contains("raise it"));
        // The whole is out of scope.
        Assert.False(CompositionPlanner.Plan([request], [big.ByteLength], new() { Lock = LockPolicy.Require, Scope = LockScope.KvCache }, limits).IsRefused);
    }

    [Fact]
    public void Under_a_limit_what_is_used_first_is_locked_first_and_smaller_ones_fill_the_rest()
    {
        var own = FakeBufferType.Interleaved((nuint)5 * Page);
        var requests = new[] { At(0, 14_000, own) with { UseOrder = 2 }, At(14_016, 14_000, own) with { UseOrder = 1 }, At(28_032, 4_000, own) with { UseOrder = 3 } };
        var policy = new MemoryPolicy { Lock = LockPolicy.Try };
        var plan = CompositionPlanner.Plan(requests, [1 << 20], policy, Unlimited with { LockLimit = 6 * Page }).Required();
        Assert.Equal([LockFate.OverLimit, LockFate.Locked, LockFate.Locked], plan.Tensors.Select(tensor => tensor.Lock));
        Assert.Equal([1, 2], plan.LockOrder);
        // A required one goes before all of them.
        plan = CompositionPlanner.Plan(requests, [1 << 20], policy with { Overrides = [new() { Pattern = "t0", Lock = LockPolicy.Require }] }, Unlimited with { LockLimit = 6 * Page }).Required();
        Assert.Equal([LockFate.Locked, LockFate.OverLimit, LockFate.Locked], plan.Tensors.Select(tensor => tensor.Lock));
        Assert.Equal([0, 2], plan.LockOrder);
    }

    [Fact]
    public void A_device_that_cannot_tell_is_refused_under_a_required_lock()
    {
        var refusal = Assert.Single(Plan([At(0, 10, FakeBufferType.Far(residency: Residency.Unknown))], new() { Lock = LockPolicy.Require }).Refusals);
        Assert.Equal(MemoryRefusalCode.LockImpossible, refusal.Code);
        Assert.False(Plan([At(0, 10, FakeBufferType.Far())], new() { Lock = LockPolicy.Require }).IsRefused);
    }

    [Fact]
    public void No_wish_is_dropped_in_silence()
    {
        var cpu = FakeBufferType.Cpu();
        Assert.Contains(Plan([At(0, 10, cpu)], new() { Lock = LockPolicy.Try }).Required().Notices, notice => notice.Contains("map auto was chosen"));
        Assert.DoesNotContain(Plan([At(0, 10, cpu)], new() { Lock = LockPolicy.Try, Map = MapPolicy.Off }).Required().Notices, notice => notice.Contains("auto"));
        Assert.Contains(Plan([At(0, 10, cpu)], new() { Overrides = [new() { Pattern = "zzz*", Map = MapPolicy.Off }] }).Required().Notices, notice => notice.Contains("zzz*"));
        Assert.Contains(Plan([At(1, 10, cpu)]).Required().Notices, notice => notice.Contains("copied"));
        Assert.Empty(Plan([At(0, 10, cpu)]).Required().Notices);
    }

    [Fact]
    public void Damaged_requests_are_refused_and_say_where()
    {
        var cpu = FakeBufferType.Cpu();
        WeightRequest[] bad =
        [
            At(100, 10, cpu) with { File = 1 },
            At(100, 10, cpu) with { File = -1 },
            At(-1, 10, cpu),
            At(99_999, 10, cpu),
            At(long.MaxValue, 10, cpu),
            At(0, 10, cpu) with { Spec = new() { Type = TensorType.F32, Shape = new(long.MaxValue, 4) } },
            At(0, 10, cpu) with { Spec = new() { Type = TensorType.Q8_0, Shape = new(33) } },
            At(0, 10, cpu) with { Spec = new() { Type = (TensorType)4, Shape = new(32) } },
        ];
        foreach (var request in bad)
            Assert.Equal(MemoryRefusalCode.BadTensor, Assert.Single(CompositionPlanner.Plan([request], [100_000], new(), Unlimited).Refusals).Code);
    }

    [Fact]
    public void A_plugin_that_fails_or_lies_in_planning_is_a_refusal()
    {
        var throwing = FakeBufferType.Cpu();
        throwing.OnCall = call => { if (call == "AllocationSize") throw new ForeignException(); };
        var nameless = new FakeBufferType { Name = "" };
        var small = new FakeBufferType { Padding = unchecked((nuint)(-4)) };
        var absurd = new FakeBufferType { Padding = (nuint)1 << 60, Traits = default };
        foreach (var type in (FakeBufferType[])[throwing, nameless, small, absurd])
            Assert.Equal(MemoryRefusalCode.BadBufferType, Assert.Single(Plan([At(0, 10, type)]).Refusals).Code);
    }

    [Fact]
    public void Nothing_is_a_composition_too()
    {
        var plan = Plan([]).Required();
        Assert.Equal((0, (nuint)0, 0L), (plan.Parts.Count, plan.Length, plan.TensorBytes));
    }

    private static CompositionOutcome Plan(WeightRequest[] requests, MemoryPolicy? policy = null) =>
        CompositionPlanner.Plan(requests, [1 << 20], policy ?? new(), Unlimited);

    private static WeightRequest At(long offset, int bytes, IBufferType type) =>
        new() { Spec = new() { Name = $"t{offset}", Type = TensorType.I8, Shape = new(bytes) }, FileOffset = offset, BufferType = type, UseOrder = (int)(offset & int.MaxValue) };
}
