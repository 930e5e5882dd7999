using System.Numerics;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Memory;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>What a buffer type states, and that its buffers answer to the addresses they were given: every kind of buffer has a valid base address.</summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class BufferTypeSuite<TFixture> : BufferSuite<TFixture> where TFixture : BackendFixture, new()
{
    /// <summary>The name starts with the backend's id and is unique in the backend.</summary>
    [Fact]
    public void Name_belongs_to_the_backend()
    {
        var id = Run.Backend.Info.Id;
        Assert.True(Type.Name == id || Type.Name.StartsWith(id + ".", StringComparison.Ordinal), $"\"{Type.Name}\" must be \"{id}\", or start with \"{id}.\".");
        var names = Run.Backend.Devices.SelectMany(device => device.BufferTypes).Select(type => type.Name).ToList();
        Assert.Equal(names.Distinct(), names);
    }

    /// <summary>Every fact is the same at every call, from any thread.</summary>
    [Fact]
    public void Facts_are_constant()
    {
        var type = Type;
        var facts = Facts(type);
        var answers = new string[64];
        Parallel.For(0, answers.Length, i => answers[i] = Facts(type));
        Assert.All(answers, answer => Assert.Equal(facts, answer));
        using (Run.Allocate(type, AlignTensor(nuint.Min(1000, Affordable)))) Assert.Equal(facts, Facts(type));
        Assert.Equal(facts, Facts(type));
        Assert.Same(type, Type);

        static string Facts(IBufferType type)
            => $"{type.Name} {type.BaseAlignment} {type.TensorAlignment} {type.MaxLength} {type.Traits} "
                + type.AllocationSize(new TensorSpec { Type = TensorType.Q4_K, Shape = new(512, 3) });
    }

    /// <summary>Alignments are powers of two, a tensor may start where a buffer starts, and there is a largest allocation.</summary>
    [Fact]
    public void Alignments_and_limit_are_possible()
    {
        Assert.True(BitOperations.IsPow2(Type.BaseAlignment) && Type.BaseAlignment >= 1, $"BaseAlignment {Type.BaseAlignment} is no power of two.");
        Assert.True(BitOperations.IsPow2(Type.TensorAlignment) && Type.TensorAlignment >= 1, $"TensorAlignment {Type.TensorAlignment} is no power of two.");
        Assert.True(Type.MaxLength > 0, "MaxLength is 0: nothing could be allocated.");
    }

    /// <summary>Traits do not contradict each other: who adopts mapped files sees host memory in the standard layout, and accepts the alignment of files.</summary>
    [Fact]
    public void Traits_are_consistent()
    {
        var traits = Type.Traits;
        Assert.True(Enum.IsDefined(traits.Residency), $"Residency {traits.Residency} is not defined.");
        if (!traits.Adopts) return;
        Assert.True(traits.HostVisible, "Adopts implies HostVisible.");
        Assert.True(traits.StandardLayout, "Adopts implies StandardLayout.");
        Assert.True(Type.TensorAlignment <= 32, $"A type that adopts mapped files accepts tensors at multiples of 32, not of {Type.TensorAlignment}.");
    }

    /// <summary>AllocationSize is at least the standard bytes, equal for an adopting type, the same at every call and monotone in every extent (llama.cpp #28038).</summary>
    [Theory, MemberData(nameof(TensorTypeCases.All), MemberType = typeof(TensorTypeCases))]
    public void Allocation_size_covers_the_tensor_and_grows_with_it(TensorType tensorType)
    {
        var random = NewRandom();
        long block = tensorType.BlockLength();
        for (var round = 0; round < 50; round++)
        {
            var spec = Spec(block * random.Next(1, 600), random.Next(1, 300), random.Next(1, 4), random.Next(1, 4));
            Scenario.Run($"AllocationSize of {spec}", () =>
            {
                var size = Type.AllocationSize(spec);
                Assert.True(size >= (nuint)spec.ByteLength, $"{size} bytes are fewer than the tensor has, {spec.ByteLength}.");
                if (Type.Traits.Adopts) Assert.True(size == (nuint)spec.ByteLength, $"{size} bytes, but an adopting type adds no padding to the {spec.ByteLength} of the tensor.");
                Assert.Equal(size, Type.AllocationSize(spec));
                Assert.Equal(size, Type.AllocationSize(spec with { Name = "another" }));
                var shape = spec.Shape;
                Assert.True(size <= Type.AllocationSize(Spec(shape.D0 + block, shape.D1, shape.D2, shape.D3)), "A longer row takes fewer bytes.");
                Assert.True(size <= Type.AllocationSize(Spec(shape.D0, shape.D1 + 1, shape.D2, shape.D3)), "More rows take fewer bytes.");
                Assert.True(size <= Type.AllocationSize(Spec(shape.D0, shape.D1, shape.D2 + 1, shape.D3)), "A larger third extent takes fewer bytes.");
                Assert.True(size <= Type.AllocationSize(Spec(shape.D0, shape.D1, shape.D2, shape.D3 + 1)), "A larger fourth extent takes fewer bytes.");
            });
        }

        TensorSpec Spec(long d0, long d1, long d2, long d3) => new() { Type = tensorType, Shape = new(d0, d1, d2, d3) };
    }

    /// <summary>AllocationSize has an answer for an empty tensor.</summary>
    [Fact]
    public void Allocation_size_of_an_empty_tensor_is_an_answer()
    {
        var empty = Type.AllocationSize(new TensorSpec { Type = TensorType.F32, Shape = new(8, 0) });
        Assert.True(empty <= Type.AllocationSize(new TensorSpec { Type = TensorType.F32, Shape = new(8, 1) }), "An empty tensor takes more bytes than one with a row.");
        _ = Type.AllocationSize(new TensorSpec { Type = TensorType.Q4_0, Shape = new(0, 5) });
    }

    /// <summary>An ordinary buffer answers to its addresses, from before its first use to after its last (koboldcpp #1323).</summary>
    [Fact]
    public void Base_address_is_valid_for_an_ordinary_buffer()
    {
        var random = NewRandom();
        foreach (var length in (ReadOnlySpan<nuint>)[1, Type.TensorAlignment, 4096, 100_000])
        {
            if (length > Affordable) continue;
            using var buffer = Run.Allocate(Type, length);
            CheckAddresses(buffer);
            if (length >= 4096)
            {
                var spec = new TensorSpec { Type = TensorType.I8, Shape = new(64, 8) };
                if (Type.AllocationSize(spec) <= length) buffer.Buffer.Write(buffer.At(0, spec), 0, RandomRows.Bytes(random, spec.ByteLength));
                buffer.Buffer.Clear(0, length);
            }
            CheckAddresses(buffer);
        }
    }

    /// <summary>A buffer of no bytes has a base address, and every operation on it is checked and does nothing (llama.cpp #7130).</summary>
    [Fact]
    public void Base_address_is_valid_for_an_empty_buffer()
    {
        using var buffer = Run.Allocate(Type, 0);
        CheckAddresses(buffer);
        buffer.Buffer.Clear(0, 0);
        Expect.Throws<ArgumentException>("Clearing a byte of an empty buffer", () => buffer.Buffer.Clear(0, 1));
        var none = new TensorSpec { Type = TensorType.F32, Shape = new(4, 0) };
        if (Type.AllocationSize(none) == 0)
        {
            buffer.Buffer.Write(buffer.At(0, none), 0, []);
            buffer.Buffer.Read(buffer.At(0, none), 0, []);
        }
        var one = new TensorSpec { Type = TensorType.F32, Shape = new(4, 1) };
        Expect.Throws<ArgumentException>("Writing to an empty buffer", () => buffer.Buffer.Write(buffer.At(0, one), 0, new byte[16]));
        Expect.Throws<ArgumentException>("Reading from an empty buffer", () => buffer.Buffer.Read(buffer.At(0, one), 0, new byte[16]));
        CheckAddresses(buffer);
    }

    /// <summary>A buffer of the largest length can be made, where that is affordable.</summary>
    [Fact]
    public void Base_address_is_valid_for_the_largest_buffer()
    {
        if (Type.MaxLength > Fixture.MemoryBudget) Assert.Skip($"MaxLength {Type.MaxLength} is beyond the memory budget of the fixture ({Fixture.MemoryBudget}).");
        using var buffer = Run.Allocate(Type, Type.MaxLength);
        CheckAddresses(buffer);
    }

    /// <summary>One byte above the largest allocation is refused as too large, and nothing is held (llama.cpp #24280).</summary>
    [Fact]
    public void Over_the_largest_length_is_refused()
    {
        if (Type.MaxLength >= nuint.MaxValue / 2) Assert.Skip("The type has no limit.");
        var length = Type.MaxLength + 1;
        using var memory = new GuardedMemory(length <= Fixture.MemoryBudget ? length : Type.BaseAlignment, Type.BaseAlignment);
        if (length > nuint.MaxValue - memory.Start) Assert.Skip("The type has no limit.");
        var request = Request(memory) with { Range = new(memory.Start, length), Length = length };
        if (request.Backing is not null) request = request with { Backing = new HostMemory((nint)memory.Start, length, HostAccess.ReadWrite) };
        var before = Device.QueryMemory().Free;
        Expect.Fault(FaultKind.TooLarge, $"Allocating {length} bytes, one above MaxLength,", () => Type.Allocate(request).Dispose());
        // Free memory of the host changes by what others do.
        if (!Type.Traits.HostVisible) Assert.Equal(before, Device.QueryMemory().Free);
    }

    /// <summary>Address ranges that are not aligned as stated are refused.</summary>
    [Fact]
    public void Misaligned_range_is_refused()
    {
        if (Type.BaseAlignment == 1) Assert.Skip("The type accepts any address.");
        using var memory = new GuardedMemory(3 * Type.BaseAlignment, Type.BaseAlignment);
        foreach (var shift in (ReadOnlySpan<nuint>)[1, Type.BaseAlignment / 2])
        {
            var length = Type.BaseAlignment;
            if (length > Type.MaxLength) length = Type.MaxLength;
            var request = Request(memory) with { Range = new(memory.Start + shift, length), Length = length };
            if (request.Backing is not null) request = request with { Backing = new HostMemory((nint)(memory.Start + shift), length, HostAccess.ReadWrite) };
            Expect.Fault(FaultKind.Misaligned, $"A range {shift} bytes behind a multiple of {Type.BaseAlignment}", () => Type.Allocate(request).Dispose());
        }
        Assert.Null(memory.FindWrite());
    }

    /// <summary>A host-visible type needs its backing, at its addresses and long enough; another type refuses one.</summary>
    [Fact]
    public void Backing_must_be_what_the_type_asks()
    {
        var length = nuint.Min(4096, Affordable);
        using var memory = new GuardedMemory(length + Type.BaseAlignment, Type.BaseAlignment);
        var request = Request(memory) with { Range = new(memory.Start, length), Length = length };
        if (!Type.Traits.HostVisible)
        {
            Expect.Fault(FaultKind.Unsupported, "A backing for a type that is not host-visible",
                () => Type.Allocate(request with { Backing = new HostMemory((nint)memory.Start, length, HostAccess.ReadWrite) }).Dispose());
            return;
        }
        Expect.Fault(FaultKind.Unsupported, "A host-visible type without a backing", () => Type.Allocate(request with { Backing = null }).Dispose());
        Expect.Fault(FaultKind.Misaligned, "A backing elsewhere than the range",
            () => Type.Allocate(request with { Backing = new HostMemory((nint)(memory.Start + Type.BaseAlignment), length, HostAccess.ReadWrite) }).Dispose());
        Expect.Fault(FaultKind.Misaligned, "A backing shorter than the range",
            () => Type.Allocate(request with { Backing = new HostMemory((nint)memory.Start, length - 1, HostAccess.ReadWrite) }).Dispose());
        if (!Type.Traits.Adopts)
            Expect.Fault(FaultKind.Unsupported, "Read-only memory for a type that does not adopt",
                () => Type.Allocate(request with { Backing = new HostMemory((nint)memory.Start, length, HostAccess.Read) }).Dispose());
        Assert.Null(memory.FindWrite());
    }

    /// <summary>A buffer on a mapped file has the file's addresses and content, and is read-only.</summary>
    [Fact]
    public void Base_address_is_valid_for_a_mapped_file()
    {
        if (!Type.Traits.Adopts) Assert.Skip("The type does not adopt.");
        var content = RandomRows.Bytes(NewRandom(), (long)nuint.Min(100_000, Affordable));
        using var file = new MappedFile(content, Type.BaseAlignment);
        using var buffer = Type.Allocate(Request(file.Memory));
        Assert.Equal((nuint)file.Memory.Pointer, buffer.BaseAddress);
        Assert.True(buffer.IsReadOnly, "A buffer on read-only memory must say so.");
        Assert.True(buffer.TryGetPointer(out var pointer) && pointer == file.Memory.Pointer, "An adopting type gives the address of the mapping.");
        var spec = new TensorSpec { Type = TensorType.I8, Shape = new(32, (content.Length - 64) / 32) };
        var rows = new byte[spec.ByteLength];
        buffer.Read(new TensorRef(buffer, 32, spec), 0, rows);
        Expect.SameBytes("A tensor in a mapped file", content.AsSpan(32, rows.Length), rows);
    }

    /// <summary>A read-only buffer refuses Write and Clear before anything is touched, also where nothing would be written.</summary>
    [Fact]
    public void Read_only_buffer_refuses_writes()
    {
        if (!Type.Traits.Adopts) Assert.Skip("The type does not adopt.");
        var content = RandomRows.Bytes(NewRandom(), 4096);
        // Memory that could be written: a write is found by comparing, not by losing the process.
        var buffer = Run.Allocate(Type, 4096, BufferUsage.Weights, HostAccess.Read, content);
        Assert.True(buffer.Buffer.IsReadOnly, "A buffer on read-only memory must say so.");
        var spec = new TensorSpec { Type = TensorType.F32, Shape = new(16, 4) };
        Expect.Fault(FaultKind.ReadOnly, "Write to a read-only buffer", () => buffer.Buffer.Write(buffer.At(0, spec), 1, new byte[64]));
        Expect.Fault(FaultKind.ReadOnly, "Clear of a read-only buffer", () => buffer.Buffer.Clear(0, 4096));
        Expect.SameBytes("The content of a read-only buffer", content, buffer.Memory.Bytes);
    }

    /// <summary>Several buffers may stand on one read-only range, as two generations of a backend do during a swap; each goes without harm to the other.</summary>
    [Fact]
    public void Buffers_may_share_a_read_only_range()
    {
        if (!Type.Traits.Adopts) Assert.Skip("The type does not adopt.");
        var content = RandomRows.Bytes(NewRandom(), 4096);
        using var file = new MappedFile(content, Type.BaseAlignment);
        var spec = new TensorSpec { Type = TensorType.I8, Shape = new(4096) };
        var rows = new byte[4096];
        using var second = Type.Allocate(Request(file.Memory));
        using (var first = Type.Allocate(Request(file.Memory)))
        {
            Assert.Equal(first.BaseAddress, second.BaseAddress);
            first.Read(new TensorRef(first, 0, spec), 0, rows);
            Expect.SameBytes("The first buffer on the range", content, rows);
        }
        second.Read(new TensorRef(second, 0, spec), 0, rows);
        Expect.SameBytes("The second buffer on the range, after the first has gone,", content, rows);
    }

    /// <summary>Several buffers at once: disjoint ranges, each answering to its own (llama.cpp #5023).</summary>
    [Fact]
    public void Buffers_at_once_keep_their_own_addresses()
    {
        var buffers = new List<TestBuffer>();
        for (var i = 0; i < 8; i++) buffers.Add(Run.Allocate(Type, nuint.Min(1024, Affordable / 8)));
        foreach (var buffer in buffers) CheckAddresses(buffer);
        buffers[3].Dispose();
        buffers[0].Dispose();
        foreach (var buffer in buffers.Where((_, i) => i is not (0 or 3))) CheckAddresses(buffer);
    }

    /// <summary>The usage asked is the usage stated, whatever it is (llama.cpp #26502).</summary>
    [Fact]
    public void Usage_is_kept()
    {
        foreach (var usage in Enum.GetValues<BufferUsage>())
        {
            using var buffer = Run.Allocate(Type, nuint.Min(1024, Affordable), usage);
            Assert.Equal(usage, buffer.Buffer.Usage);
            using var empty = Run.Allocate(Type, 0, usage);
            Assert.Equal(usage, empty.Buffer.Usage);
        }
    }

    /// <summary>Checks everything that a buffer says of its addresses against what was asked.</summary>
    private void CheckAddresses(TestBuffer subject)
    {
        var (buffer, request) = (subject.Buffer, subject.Request);
        Assert.True(buffer.Range == request.Range, $"The buffer answers to {buffer.Range} and was given {request.Range}.");
        Assert.True(buffer.BaseAddress != 0 && buffer.BaseAddress == request.Range.Start, $"The base address is 0x{buffer.BaseAddress:x} instead of 0x{request.Range.Start:x}.");
        Assert.True(buffer.BaseAddress % Type.BaseAlignment == 0, $"The base address 0x{buffer.BaseAddress:x} is not aligned to {Type.BaseAlignment}.");
        Assert.True(buffer.Length == request.Length, $"The buffer has {buffer.Length} bytes and was asked for {request.Length}.");
        Assert.Same(Type, buffer.Type);
        Assert.Equal(request.Usage, buffer.Usage);
        Assert.Equal(request.Backing is { Access: HostAccess.Read }, buffer.IsReadOnly);
        var has = buffer.TryGetPointer(out var pointer);
        Assert.True(has == (Type.Traits.HostVisible && request.Length != 0),
            $"TryGetPointer says {has} for a buffer of {request.Length} bytes whose type is {(Type.Traits.HostVisible ? "" : "not ")}host-visible.");
        Assert.True(has ? (nuint)pointer == buffer.BaseAddress : pointer == 0, $"TryGetPointer gives 0x{pointer:x}; the base address is 0x{buffer.BaseAddress:x}.");
    }

    private BufferRequest Request(GuardedMemory memory) => new()
    {
        Range = memory.Range,
        Length = memory.Length,
        Backing = Type.Traits.HostVisible ? new HostMemory((nint)memory.Start, memory.Length, HostAccess.ReadWrite) : null,
    };

    private static BufferRequest Request(HostMemory memory) => new()
    {
        Range = new((nuint)memory.Pointer, memory.Length),
        Length = memory.Length,
        Backing = memory,
        Usage = BufferUsage.Weights,
    };
}
