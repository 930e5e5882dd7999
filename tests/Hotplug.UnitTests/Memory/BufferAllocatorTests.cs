using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Memory;
using Hotplug.UnitTests.Memory.Fakes;
using Xunit;

namespace Hotplug.UnitTests.Memory;

public sealed class BufferAllocatorTests : IDisposable
{
    private readonly AddressSpace _space = new();

    public void Dispose() => Assert.Equal(default, _space.Usage);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(3_000_001)]
    public void A_buffer_is_what_was_asked(int length)
    {
        foreach (var type in (FakeBufferType[])[FakeBufferType.Cpu(), FakeBufferType.Interleaved(), FakeBufferType.Far()])
        {
            using var made = new BufferAllocator(_space).Allocate(type, (nuint)length, BufferUsage.KvCache, device: "d");
            Assert.NotEqual((nuint)0, made.Buffer.BaseAddress);
            Assert.Equal((nuint)0, made.Range.Start % type.BaseAlignment);
            Assert.Equal((made.Range, (nuint)length, BufferUsage.KvCache), (made.Buffer.Range, made.Buffer.Length, made.Buffer.Usage));
            Assert.Equal(length == 0 ? type.BaseAlignment : (nuint)length, made.Range.Length);
            Assert.Equal(type.Traits.HostVisible && length != 0, made.Buffer.TryGetPointer(out var pointer));
            Assert.Equal(type.Traits.HostVisible && length != 0 ? made.Range.Start : 0, (nuint)pointer);
            made.Buffer.Clear(0, (nuint)length);
            Assert.Equal(((long)length, "kvCache", "d"), (made.Receipt!.Asked, made.Receipt.Usage, made.Receipt.Device));
            Assert.Equal(type.Traits.HostVisible ? 0 : length, made.Receipt.OnDevice);
            made.Dispose();
            made.Dispose();
            Assert.Equal(0, type.Alive);
            Assert.Equal(default, _space.Usage);
        }
    }

    [Fact]
    public void The_largest_allocation_is_the_lower_of_two_bounds()
    {
        var type = FakeBufferType.Far(maxLength: 1000);
        Assert.Equal((nuint)1000, new BufferAllocator(_space, new() { LargestAllocation = 1001 }).LargestAllocation(type));
        var bounded = new BufferAllocator(_space, new() { LargestAllocation = 999 });
        Assert.Equal((nuint)999, bounded.LargestAllocation(type));
        bounded.Allocate(type, 999).Dispose();
        var failure = Assert.Throws<TooLargeException>(() => bounded.Allocate(type, 1000));
        Assert.Equal(((nuint)1000, (nuint)999), (failure.Asked, failure.Largest));
    }

    public static TheoryData<string> Lies => ["type", "range", "length", "usage", "read-only", "null", "pointer missing", "pointer elsewhere", "pointer on a device", "base alignment", "tensor alignment", "adopts"];

    [Theory]
    [MemberData(nameof(Lies))]
    public void A_type_that_lies_is_found_out_and_nothing_is_held(string lie)
    {
        var type = lie == "pointer on a device" ? FakeBufferType.Far() : FakeBufferType.Cpu();
        type = lie switch
        {
            "base alignment" => new() { BaseAlignment = 3 },
            "tensor alignment" => new() { TensorAlignment = 0 },
            "adopts" => new() { Traits = new() { Adopts = true, HostVisible = true } },
            _ => type,
        };
        type.Twist = honest => lie switch
        {
            "type" => new LyingBuffer(honest) { OtherType = FakeBufferType.Cpu() },
            "range" => new LyingBuffer(honest) { OtherRange = new(honest.Range.Start + 64, honest.Range.Length) },
            "length" => new LyingBuffer(honest) { OtherLength = honest.Length - 1 },
            "usage" => new LyingBuffer(honest) { OtherUsage = BufferUsage.KvCache },
            "read-only" => new LyingBuffer(honest) { OtherReadOnly = true },
            "pointer missing" => new LyingBuffer(honest) { OtherPointer = (false, 0) },
            "pointer elsewhere" => new LyingBuffer(honest) { OtherPointer = (true, 4096) },
            "pointer on a device" => new LyingBuffer(honest) { OtherPointer = (true, (nint)honest.Range.Start) },
            "null" => Lose(honest),
            _ => honest,
        };
        var fault = Assert.Throws<BackendFaultException>(() => new BufferAllocator(_space).Allocate(type, 5000));
        Assert.Equal(FaultKind.Defect, fault.Kind);
        Assert.Equal(type.Name, fault.Origin);
        Assert.Equal(0, type.Alive);
        Assert.Equal(default, _space.Usage);
        Assert.ThrowsAny<BackendFaultException>(() => new BufferAllocator(_space).AllocateComposite([(FakeBufferType.Cpu(), 10), (type, 5000)]));
        Assert.Equal(default, _space.Usage);

        static IBuffer? Lose(FakeBuffer buffer)
        {
            buffer.Dispose();
            return null;
        }
    }

    [Fact]
    public void Whatever_a_plugin_throws_becomes_text()
    {
        foreach (var (thrown, kind) in (ReadOnlySpan<(Exception, FaultKind)>)
        [
            (new ForeignException(), FaultKind.Defect),
            (new OutOfDeviceMemoryException("far", 10, 5, 4), FaultKind.OutOfDeviceMemory),
            (new DeviceLostException("gone"), FaultKind.DeviceLost),
            (new OperationCanceledException(), FaultKind.Cancelled),
            (new TimeoutException(), FaultKind.TimedOut),
            (new HostileException(), FaultKind.Defect),
        ])
        {
            foreach (var call in (string[])["Name", "BaseAlignment", "Allocate", "TryGetPointer"])
            {
                var type = FakeBufferType.Far();
                type.OnCall = at => { if (at == call) throw thrown; };
                var fault = Assert.Throws<BackendFaultException>(() => new BufferAllocator(_space).Allocate(type, 100));
                Assert.Equal(kind, fault.Kind);
                // The original would hold the plugin's load context.
                Assert.Null(fault.InnerException);
                Assert.Empty(fault.Data);
                if (thrown is ForeignException)
                    Assert.Contains(thrown.Message, fault.Message);
                Assert.Equal(0, type.Alive);
                Assert.Equal(default, _space.Usage);
            }
        }
    }

    [Fact]
    public void Disposal_gives_everything_back_even_if_the_plugin_throws_and_says_so()
    {
        var reports = new List<BackendFaultException>();
        _space.BufferFaulted += reports.Add;
        var type = FakeBufferType.Cpu();
        var made = new BufferAllocator(_space).Allocate(type, 100);
        type.OnCall = call => { if (call == "Dispose") throw new ForeignException(); };
        made.Dispose();
        Assert.Equal(default, _space.Usage);
        Assert.Equal("cpu", Assert.Single(reports).Origin);
    }

    [Fact]
    public void A_failure_of_the_system_at_any_call_leaves_nothing()
    {
        for (var failAt = 1; ; failAt++)
        {
            var platform = new ScriptedPlatform { FailAt = failAt, LockForReal = false, Limits = new() { PageSize = _space.PageSize } };
            var space = new AddressSpace(platform);
            var allocator = new BufferAllocator(space, new() { Lock = LockPolicy.Require, Scope = LockScope.All });
            var (cpu, far) = (FakeBufferType.Cpu(), FakeBufferType.Far());
            try
            {
                allocator.Allocate(cpu, 10_000, BufferUsage.KvCache).Dispose();
                allocator.AllocateComposite([(cpu, 10_000), (far, 10_000), (cpu, 0)]).Dispose();
                Assert.True(platform.Calls < failAt);
                return;
            }
            catch (Exception exception) when (exception is HostMemoryException or MemoryRefusedException)
            {
                Assert.Equal(default, space.Usage);
                Assert.Empty(platform.LockedPages);
                Assert.Equal(0, cpu.Alive + far.Alive);
            }
        }
    }

    [Theory]
    [InlineData(LockPolicy.Off, LockScope.All, BufferUsage.KvCache, false)]
    [InlineData(LockPolicy.Try, LockScope.All, BufferUsage.KvCache, true)]
    [InlineData(LockPolicy.Require, LockScope.Workspace, BufferUsage.Workspace, true)]
    [InlineData(LockPolicy.Require, LockScope.Workspace, BufferUsage.KvCache, false)]
    [InlineData(LockPolicy.Require, LockScope.All, BufferUsage.Any, false)]
    [InlineData(LockPolicy.Require, LockScope.Weights, BufferUsage.Weights, true)]
    public void The_scope_decides_what_is_locked(LockPolicy policy, LockScope scope, BufferUsage usage, bool locked)
    {
        var platform = new ScriptedPlatform { LockForReal = false, Limits = new() { PageSize = _space.PageSize } };
        var space = new AddressSpace(platform);
        using var made = new BufferAllocator(space, new() { Lock = policy, Scope = scope }).Allocate(FakeBufferType.Cpu(), 3 * _space.PageSize - 5, usage);
        Assert.Equal(locked ? 3 * (long)_space.PageSize : 0, made.Receipt!.Locked);
        Assert.Equal(made.Receipt.Locked, made.Receipt.LockAsked);
        Assert.Equal(locked ? 3 : 0, platform.LockedPages.Count);
        made.Dispose();
        Assert.Empty(platform.LockedPages);
    }

    [Fact]
    public void Under_a_limit_try_locks_what_fits_and_require_refuses_before_anything_is_made()
    {
        var page = _space.PageSize;
        var platform = new ScriptedPlatform { LockForReal = false, Limits = new() { PageSize = page, LockLimit = 2 * page + 1 } };
        var space = new AddressSpace(platform);
        var allocator = new BufferAllocator(space);
        using (var made = allocator.Allocate(FakeBufferType.Cpu(), 5 * page, BufferUsage.KvCache, LockPolicy.Try))
        {
            Assert.Equal((5L * (long)page, 2L * (long)page, 3L * (long)page), (made.Receipt!.LockAsked, made.Receipt.Locked, made.Receipt.NotLocked));
            Assert.NotEmpty(made.Receipt.Why);
        }
        var calls = platform.Calls;
        var refused = Assert.Throws<MemoryRefusedException>(() => allocator.Allocate(FakeBufferType.Cpu(), 5 * page, BufferUsage.KvCache, LockPolicy.Require));
        Assert.Equal(MemoryRefusalCode.LockLimit, Assert.Single(refused.Refusals).Code);
        Assert.Equal(calls, platform.Calls);
        Assert.Equal(default, space.Usage);
    }

    [Fact]
    public void Device_memory_satisfies_a_required_lock_only_if_it_is_declared_resident()
    {
        var allocator = new BufferAllocator(_space);
        using (var made = allocator.Allocate(FakeBufferType.Far(), 100, BufferUsage.KvCache, LockPolicy.Require))
            Assert.Equal((100L, 100L, 0L), (made.Receipt!.LockAsked, made.Receipt.Resident, made.Receipt.NotLocked));
        foreach (var residency in (Residency[])[Residency.Unknown, Residency.Pageable])
        {
            var type = FakeBufferType.Far(residency: residency);
            var refused = Assert.Throws<MemoryRefusedException>(() => allocator.Allocate(type, 100, BufferUsage.KvCache, LockPolicy.Require));
            Assert.Equal(MemoryRefusalCode.LockImpossible, Assert.Single(refused.Refusals).Code);
            using var tried = allocator.Allocate(type, 100, BufferUsage.KvCache, LockPolicy.Try);
            Assert.Equal((100L, 0L, 100L), (tried.Receipt!.LockAsked, tried.Receipt.Resident, tried.Receipt.NotLocked));
            Assert.Contains("far", tried.Receipt.Why);
        }
    }

    private sealed class HostileException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message for you");
    }
}
