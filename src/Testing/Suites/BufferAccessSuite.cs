using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Memory;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>Write, Read, Clear and direct copies: bytes in the standard layout come back as they went in, whatever lies between, and nothing else changes.</summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class BufferAccessSuite<TFixture> : BufferSuite<TFixture> where TFixture : BackendFixture, new()
{
    /// <summary>Rows written and read in pieces that begin and end at every row boundary come back bit for bit (llama.cpp #23719).</summary>
    [Theory, MemberData(nameof(TensorTypeCases.All), MemberType = typeof(TensorTypeCases))]
    public void Rows_round_trip_at_every_boundary(TensorType tensorType)
    {
        var random = NewRandom();
        for (var round = 0; round < 4; round++)
        {
            var spec = RandomRows.Spec(random, tensorType);
            Scenario.Run($"{spec} in {Type.Name}", () =>
            {
                var (rows, rowBytes) = ((int)spec.RowCount, (int)spec.RowBytes);
                using var buffer = AllocateFor(spec, out var tensor);
                for (var cut = 0; cut <= rows; cut++)
                {
                    var bytes = RandomRows.Bytes(random, spec.ByteLength);
                    buffer.Buffer.Write(tensor, cut, bytes.AsSpan(cut * rowBytes));
                    buffer.Buffer.Write(tensor, 0, bytes.AsSpan(0, cut * rowBytes));
                    for (var first = 0; first <= rows; first++)
                        for (var last = first; last <= rows; last++)
                        {
                            var read = new byte[(last - first) * rowBytes];
                            buffer.Buffer.Read(tensor, first, read);
                            Expect.SameBytes($"Rows {first} to {last}, written in pieces cut at row {cut},", bytes.AsSpan(first * rowBytes, read.Length), read);
                        }
                }
            });
        }
    }

    /// <summary>Tensors of all types side by side in one buffer, written row by row in random order, do not touch each other (llama.cpp #2136).</summary>
    [Fact]
    public void Tensors_side_by_side_do_not_touch_each_other()
    {
        var random = NewRandom();
        for (var round = 0; round < 6; round++)
        {
            var specs = TensorTypes.All.OrderBy(_ => random.Next()).Select(type => RandomRows.Spec(random, type, 5, type.ToString())).ToList();
            var places = new List<(TensorSpec Spec, nuint Offset, byte[] Bytes)>();
            nuint end = 0;
            foreach (var spec in specs)
            {
                var offset = AlignTensor(end);
                if (offset + Type.AllocationSize(spec) > Affordable) continue;
                places.Add((spec, offset, RandomRows.Bytes(random, spec.ByteLength)));
                end = offset + Type.AllocationSize(spec);
            }
            using var buffer = Run.Allocate(Type, end, BufferUsage.Weights);
            var rows = places.SelectMany(place => Enumerable.Range(0, (int)place.Spec.RowCount).Select(row => (place, row))).OrderBy(_ => random.Next());
            foreach (var ((spec, offset, bytes), row) in rows)
                buffer.Buffer.Write(buffer.At(offset, spec), row, bytes.AsSpan(row * (int)spec.RowBytes, (int)spec.RowBytes));
            foreach (var (spec, offset, bytes) in places)
                ExpectContent(buffer, buffer.At(offset, spec), bytes, $"{spec} at {offset} of {end}");
        }
    }

    /// <summary>In a host-visible standard layout the bytes at the tensor's address are the bytes written.</summary>
    [Fact]
    public void Standard_layout_is_what_it_says()
    {
        if (!Type.Traits.HostVisible || !Type.Traits.StandardLayout) Assert.Skip("The type keeps a layout or memory of its own.");
        var random = NewRandom();
        foreach (var tensorType in TensorTypes.All)
        {
            var spec = RandomRows.Spec(random, tensorType);
            var offset = AlignTensor(100);
            using var buffer = Run.Allocate(Type, offset + Type.AllocationSize(spec) + 64);
            var bytes = RandomRows.Bytes(random, spec.ByteLength);
            buffer.Buffer.Write(buffer.At(offset, spec), 0, bytes);
            Expect.SameBytes($"{spec} in memory", bytes, buffer.Memory.Bytes.Slice((int)offset, bytes.Length));
            Assert.True(buffer.Memory.Bytes[..(int)offset].IndexOfAnyExcept(GuardedMemory.Poison) < 0, $"Bytes before {spec} were written.");
            Assert.True(buffer.Memory.Bytes[((int)offset + (int)Type.AllocationSize(spec))..].IndexOfAnyExcept(GuardedMemory.Poison) < 0, $"Bytes behind {spec} were written.");
        }
    }

    /// <summary>A tensor cleared as a whole reads as zeros; its neighbours keep what they have.</summary>
    [Theory, MemberData(nameof(TensorTypeCases.All), MemberType = typeof(TensorTypeCases))]
    public void Cleared_tensor_reads_as_zeros(TensorType tensorType)
    {
        var random = NewRandom();
        var specs = Enumerable.Range(0, 3).Select(_ => RandomRows.Spec(random, tensorType)).ToArray();
        var offsets = new nuint[3];
        nuint end = 0;
        for (var i = 0; i < 3; i++)
        {
            offsets[i] = AlignTensor(end);
            end = offsets[i] + Type.AllocationSize(specs[i]);
        }
        using var buffer = Run.Allocate(Type, end);
        for (var cleared = 0; cleared < 3; cleared++)
        {
            var bytes = specs.Select(spec => RandomRows.Bytes(random, spec.ByteLength)).ToArray();
            for (var i = 0; i < 3; i++) buffer.Buffer.Write(buffer.At(offsets[i], specs[i]), 0, bytes[i]);
            buffer.Buffer.Clear(offsets[cleared], Type.AllocationSize(specs[cleared]));
            for (var i = 0; i < 3; i++)
                ExpectContent(buffer, buffer.At(offsets[i], specs[i]), i == cleared ? new byte[bytes[i].Length] : bytes[i], $"{specs[i]}, number {i}, after number {cleared} was cleared");
        }
        buffer.Buffer.Clear(0, end);
        for (var i = 0; i < 3; i++) ExpectContent(buffer, buffer.At(offsets[i], specs[i]), new byte[specs[i].ByteLength], $"{specs[i]} after all was cleared");
    }

    /// <summary>In the standard layout any byte range can be cleared, and only it is.</summary>
    [Fact]
    public void Clear_touches_its_bytes_only()
    {
        if (!Type.Traits.StandardLayout) Assert.Skip("Byte ranges have no meaning in a layout of the backend's own.");
        var random = NewRandom();
        var spec = new TensorSpec { Type = TensorType.I8, Shape = new(1, 300) };
        using var buffer = AllocateFor(spec, out var tensor);
        for (var round = 0; round < 60; round++)
        {
            var bytes = RandomRows.Bytes(random, spec.ByteLength);
            buffer.Buffer.Write(tensor, 0, bytes);
            var first = random.Next(301);
            var length = random.Next(301 - first);
            buffer.Buffer.Clear((nuint)first, (nuint)length);
            bytes.AsSpan(first, length).Clear();
            ExpectContent(buffer, tensor, bytes, $"After clearing {length} bytes at {first}");
        }
    }

    /// <summary>Reading or writing no rows is legal at every row and changes nothing.</summary>
    [Fact]
    public void No_rows_are_legal_at_every_row()
    {
        var spec = new TensorSpec { Type = TensorType.Q8_0, Shape = new(64, 3) };
        var bytes = RandomRows.Bytes(NewRandom(), spec.ByteLength);
        using var buffer = AllocateFor(spec, out var tensor);
        buffer.Buffer.Write(tensor, 0, bytes);
        for (var row = 0; row <= 3; row++)
        {
            buffer.Buffer.Write(tensor, row, []);
            buffer.Buffer.Read(tensor, row, []);
        }
        buffer.Buffer.Clear(0, 0);
        buffer.Buffer.Clear(buffer.Buffer.Length, 0);
        ExpectContent(buffer, tensor, bytes, "The tensor");
    }

    /// <summary>The caller's memory may be reused when Write has returned.</summary>
    [Fact]
    public void Written_span_may_be_reused()
    {
        var spec = new TensorSpec { Type = TensorType.F32, Shape = new(256, 16) };
        using var buffer = AllocateFor(spec, out var tensor);
        var bytes = RandomRows.Bytes(NewRandom(), spec.ByteLength);
        var scratch = (byte[])bytes.Clone();
        buffer.Buffer.Write(tensor, 0, scratch);
        scratch.AsSpan().Fill(0x5A);
        ExpectContent(buffer, tensor, bytes, "A tensor whose source was overwritten afterwards");
    }

    /// <summary>A tensor of many rows, larger than any staging area is likely to be.</summary>
    [Fact]
    public void Large_tensor_round_trips()
    {
        var spec = new TensorSpec { Type = TensorType.Q6_K, Shape = new(1024, 3) };
        while (spec.RowCount < 4000 && Type.AllocationSize(Rows(spec.RowCount * 2)) <= Affordable / 2) spec = Rows(spec.RowCount * 2);
        var bytes = RandomRows.Bytes(NewRandom(), spec.ByteLength);
        using var buffer = AllocateFor(spec, out var tensor);
        buffer.Buffer.Write(tensor, 0, bytes);
        ExpectContent(buffer, tensor, bytes, $"{spec}");
        var half = new byte[spec.RowCount / 2 * spec.RowBytes];
        buffer.Buffer.Read(tensor, spec.RowCount - spec.RowCount / 2, half);
        Expect.SameBytes("Its last half", bytes.AsSpan(bytes.Length - half.Length), half);

        static TensorSpec Rows(long rows) => new() { Type = TensorType.Q6_K, Shape = new(1024, rows) };
    }

    /// <summary>What lies outside of tensor or buffer is refused as an argument error, before anything is touched.</summary>
    [Fact]
    public void Out_of_range_is_refused()
    {
        var random = NewRandom();
        var spec = new TensorSpec { Type = TensorType.Q4_0, Shape = new(64, 4) };
        var bytes = RandomRows.Bytes(random, spec.ByteLength);
        using var buffer = AllocateFor(spec, out var tensor);
        using var other = AllocateFor(spec, out _);
        buffer.Buffer.Write(tensor, 0, bytes);
        var row = (int)spec.RowBytes;
        (string What, TensorRef Tensor, long First, int Bytes)[] cases =
        [
            ("a negative row", tensor, -1, row),
            ("a row behind the last", tensor, 4, row),
            ("rows that begin inside and end outside", tensor, 3, 2 * row),
            ("a row far outside", tensor, long.MaxValue, row),
            ("no rows behind the end", tensor, 5, 0),
            ("a part of a row", tensor, 0, row - 1),
            ("more than the tensor", tensor, 0, 5 * row),
            ("a tensor of another buffer", other.At(0, spec), 0, row),
            ("a tensor behind the end of the buffer", buffer.At(buffer.Buffer.Length, spec), 0, row),
            ("a tensor at an offset that wraps around", buffer.At(nuint.MaxValue - Type.TensorAlignment + 1, spec), 0, row),
            ("a tensor larger than the buffer", buffer.At(0, spec with { Shape = new(64, 4_000_000) }), 0, row),
        ];
        foreach (var (what, named, first, length) in cases)
        {
            Expect.Throws<ArgumentException>($"Writing {what}", () => buffer.Buffer.Write(named, first, new byte[length]));
            Expect.Throws<ArgumentException>($"Reading {what}", () => buffer.Buffer.Read(named, first, new byte[length]));
        }
        if (Type.TensorAlignment > 1)
        {
            using var roomy = Run.Allocate(Type, Type.AllocationSize(spec) + Type.TensorAlignment);
            Expect.Throws<ArgumentException>("Writing a tensor at an unaligned offset", () => roomy.Buffer.Write(roomy.At(Type.TensorAlignment / 2, spec), 0, new byte[row]));
        }
        var end = buffer.Buffer.Length;
        Expect.Throws<ArgumentException>("Clearing behind the end", () => buffer.Buffer.Clear(end, 1));
        Expect.Throws<ArgumentException>("Clearing over the end", () => buffer.Buffer.Clear(0, end + 1));
        Expect.Throws<ArgumentException>("Clearing with a length that wraps around", () => buffer.Buffer.Clear(1, nuint.MaxValue));
        ExpectContent(buffer, tensor, bytes, "The tensor after refused calls");
    }

    /// <summary>Disposing twice is harmless; any other call on a disposed buffer says that it is disposed.</summary>
    [Fact]
    public void Disposed_buffer_says_so()
    {
        var spec = new TensorSpec { Type = TensorType.F32, Shape = new(8, 2) };
        var buffer = AllocateFor(spec, out var tensor);
        buffer.Buffer.Dispose();
        buffer.Buffer.Dispose();
        Expect.Throws<ObjectDisposedException>("Write on a disposed buffer", () => buffer.Buffer.Write(tensor, 0, new byte[32]));
        Expect.Throws<ObjectDisposedException>("Read on a disposed buffer", () => buffer.Buffer.Read(tensor, 0, new byte[32]));
        Expect.Throws<ObjectDisposedException>("Clear on a disposed buffer", () => buffer.Buffer.Clear(0, 1));
    }

    /// <summary>A direct copy gives what a detour through host memory gives, or says no and touches nothing.</summary>
    [Fact]
    public void Direct_copy_equals_a_staged_one()
    {
        if (Device is not ICopiesFrom copier) { Assert.Skip("The device has no direct copies."); return; }
        var random = NewRandom();
        foreach (var (sourceType, tensorType) in from device in Run.Backend.Devices from type in device.BufferTypes from tensorType in TensorTypes.All select (type, tensorType))
        {
            var spec = RandomRows.Spec(random, tensorType);
            using var source = Run.Allocate(sourceType, sourceType.AllocationSize(spec));
            using var destination = AllocateFor(spec, out var to);
            var (old, bytes) = (RandomRows.Bytes(random, spec.ByteLength), RandomRows.Bytes(random, spec.ByteLength));
            for (long rows = 0; rows <= spec.RowCount; rows++)
            {
                source.Buffer.Write(source.At(0, spec), 0, bytes);
                destination.Buffer.Write(to, 0, old);
                var copied = copier.TryCopy(source.At(0, spec), to, rows);
                var expected = (byte[])old.Clone();
                if (copied) bytes.AsSpan(0, (int)(rows * spec.RowBytes)).CopyTo(expected);
                ExpectContent(destination, to, expected, $"{spec} after copying {rows} rows from {sourceType.Name} ({(copied ? "done" : "refused")})");
            }
        }
    }

    private TestBuffer AllocateFor(TensorSpec spec, out TensorRef tensor)
    {
        var buffer = Run.Allocate(Type, Type.AllocationSize(spec));
        tensor = buffer.At(0, spec);
        return buffer;
    }

    private static void ExpectContent(TestBuffer buffer, TensorRef tensor, ReadOnlySpan<byte> expected, string what)
    {
        var read = new byte[tensor.Spec.ByteLength];
        buffer.Buffer.Read(tensor, 0, read);
        Expect.SameBytes(what, expected, read);
    }
}
