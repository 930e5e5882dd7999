using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Memory;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>A device that fills up says so, holds nothing of what failed, and has its memory back when buffers go.</summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class MemoryPressureSuite<TFixture> : BufferSuite<TFixture> where TFixture : BackendFixture, new()
{
    /// <summary>Unknown memory is null, not zero; free does not exceed total (llama.cpp #18577).</summary>
    [Fact]
    public void Memory_is_known_or_unknown_but_not_zero()
    {
        var memory = Device.QueryMemory();
        Assert.True(memory.Total != 0, "A total of 0 bytes: unknown is null.");
        if (memory is { Total: { } total, Free: { } free })
            Assert.True(free <= total, $"{free} bytes free of {total}.");
    }

    /// <summary>A full device fails with OutOfDeviceMemory, keeps what it had, and has room again when a buffer goes.</summary>
    [Fact]
    public void Full_device_fails_typed_and_recovers()
    {
        var step = nuint.Min(Affordable, 1 << 20);
        var spec = new TensorSpec { Type = TensorType.I8, Shape = new(64, 16) };
        if (Type.AllocationSize(spec) > step) Assert.Skip("The largest allocation does not hold a kilobyte.");
        var buffers = new List<(TestBuffer Buffer, byte[] Bytes)>();
        var random = NewRandom();
        Exception? full = null;
        while ((nuint)buffers.Count * step < Fixture.MemoryBudget && full is null)
        {
            full = Record.Exception(() =>
            {
                var buffer = Run.Allocate(Type, step);
                var bytes = RandomRows.Bytes(random, spec.ByteLength);
                buffer.Buffer.Write(buffer.At(0, spec), 0, bytes);
                buffers.Add((buffer, bytes));
            });
        }
        if (full is not null) Assert.True(full is OutOfDeviceMemoryException, $"After {buffers.Count} buffers of {step} bytes: {full.GetType().Name}: {full.Message}");
        foreach (var (buffer, bytes) in buffers)
        {
            var read = new byte[bytes.Length];
            buffer.Buffer.Read(buffer.At(0, spec), 0, read);
            Expect.SameBytes("A buffer made before the device was full", bytes, read);
        }
        if (full is null) Assert.Skip($"The device is not full with {Fixture.MemoryBudget} bytes, the memory budget of the fixture.");
        Assert.True(buffers.Count > 0, "The device is full with nothing on it.");
        for (var round = 0; round < 3; round++)
        {
            Expect.Fault(FaultKind.OutOfDeviceMemory, "A full device", () => Run.Allocate(Type, step));
            buffers[round % buffers.Count].Buffer.Dispose();
            buffers[round % buffers.Count] = (Run.Allocate(Type, step), buffers[round % buffers.Count].Bytes);
        }
    }

    /// <summary>Free memory, where it is known, falls by what is allocated on the device and rises again.</summary>
    [Fact]
    public void Free_memory_follows_what_is_allocated()
    {
        // Host memory is the host's: only a device of its own can be told to know what is free.
        if (Type.Traits.HostVisible || Device.QueryMemory().Free is not { } before) { Assert.Skip("The device does not know its free memory, or uses the host's."); return; }
        var length = nuint.Min(Affordable, 1 << 20);
        using (Run.Allocate(Type, length))
        {
            var during = Device.QueryMemory().Free;
            Assert.True(during <= before - length, $"{before} bytes were free, {length} were allocated, and {during} are free.");
        }
        Assert.Equal(before, Device.QueryMemory().Free);
    }

    /// <summary>Thousands of buffers made and disposed leave host and device as they were (llama.cpp #22404, #25937).</summary>
    [Fact]
    public void Buffers_made_and_disposed_leave_nothing()
    {
        var (free, bytes, allocations) = (Type.Traits.HostVisible ? null : Device.QueryMemory().Free, Run.Host.OpenBytes, Run.Host.OpenAllocations);
        using var memory = new GuardedMemory(nuint.Max(Type.BaseAlignment, nuint.Min(4096, Affordable)), Type.BaseAlignment);
        var request = new BufferRequest
        {
            Range = memory.Range,
            Length = memory.Length,
            Backing = Type.Traits.HostVisible ? new HostMemory((nint)memory.Start, memory.Length, HostAccess.ReadWrite) : null,
        };
        if (request.Length > Type.MaxLength) request = request with { Length = Type.MaxLength };
        var spec = new TensorSpec { Type = TensorType.F32, Shape = new(8, 2) };
        var rows = new byte[64];
        for (var i = 0; i < 3000; i++)
        {
            using var buffer = Type.Allocate(request);
            if (i % 2 == 0 && Type.AllocationSize(spec) <= request.Length) buffer.Write(new TensorRef(buffer, 0, spec), 0, rows);
        }
        if (!Type.Traits.HostVisible) Assert.Equal(free, Device.QueryMemory().Free);
        Assert.Equal(bytes, Run.Host.OpenBytes);
        Assert.Equal(allocations, Run.Host.OpenAllocations);
    }
}
