using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Memory;
using Hotplug.UnitTests.Memory.Fakes;
using Xunit;

namespace Hotplug.UnitTests.Memory;

/// <summary>A device that was given up may still write to its buffers: their memory and addresses stay. After any other failure they go.</summary>
public sealed unsafe class KeptMemoryTests
{
    private readonly AddressSpace _space = new();
    private readonly List<BackendFaultException> _reported = [];

    public KeptMemoryTests() => _space.BufferFaulted += _reported.Add;

    [Theory]
    [InlineData(FaultKind.TimedOut, true)]
    [InlineData(FaultKind.DeviceLost, false)]
    [InlineData(FaultKind.Defect, false)]
    public void A_buffer_that_may_still_be_written_to_keeps_its_memory(FaultKind kind, bool kept)
    {
        var made = new BufferAllocator(_space).Allocate(Faulty(kind), 5000);
        made.Dispose();
        made.Dispose();
        Expect(kind, kept, made.Range);
    }

    [Theory]
    [InlineData(FaultKind.TimedOut, true)]
    [InlineData(FaultKind.DeviceLost, false)]
    public void With_one_part_the_whole_range_of_a_composite_is_kept(FaultKind kind, bool kept)
    {
        var made = new BufferAllocator(_space).AllocateComposite([(FakeBufferType.Far(), 100), (Faulty(kind), 5000), (FakeBufferType.Cpu(), 100)]);
        made.Dispose();
        Expect(kind, kept, made.Parts[1].Range);
    }

    [Fact]
    public void A_composite_that_cannot_be_made_keeps_it_too()
    {
        var last = FakeBufferType.Cpu();
        last.OnCall = call =>
        {
            if (call == "Allocate") throw new InvalidOperationException("no room");
        };
        Assert.Throws<BackendFaultException>(() => new BufferAllocator(_space).AllocateComposite([(Faulty(FaultKind.TimedOut), 5000), (last, 100)]));
        Assert.NotEqual(default, _space.Usage);
    }

    private static FakeBufferType Faulty(FaultKind kind)
    {
        var type = FakeBufferType.Cpu();
        type.OnCall = call =>
        {
            if (call == "Dispose") throw new BackendFaultException(kind, "fake", "disposing", "work did not end");
        };
        return type;
    }

    private void Expect(FaultKind kind, bool kept, AddressRange range)
    {
        Assert.Equal(kind, Assert.Single(_reported).Kind);
        Assert.Equal(kept, _space.Usage != default);
        // What the device writes late hurts nobody.
        if (kept) *(byte*)range.Start = 1;
        Assert.False(_space.TryResolve(range.Start, out _, out _));
    }
}
