using CsCheck;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Xunit;

namespace Hotplug.UnitTests.FarMemory;

public sealed class FarBufferTests
{
    [Fact]
    public void Rows_come_back_as_they_were_written_whatever_the_order_and_leave_their_neighbours() => Gen.Select(Gen.Int, Gen.Enum<TensorType>(), Gen.Int[1, 3], Gen.Int[0, 9], Gen.Bool)
        .Sample((seed, type, blocks, rows, inPrivate) =>
        {
            using var bench = new FarBench();
            var bufferType = inPrivate ? bench.Private : bench.Plain;
            var spec = new TensorSpec { Type = type, Shape = new(type.BlockLength() * blocks, rows) };
            var size = bufferType.AllocationSize(spec);
            Assert.True(size > (nuint)spec.ByteLength);
            var second = (size + bufferType.TensorAlignment - 1) / bufferType.TensorAlignment * bufferType.TensorAlignment;
            var buffer = bench.Allocate(bufferType, second + size);
            TensorRef[] tensors = [new(buffer, 0, spec), new(buffer, second, spec)];
            var random = new Random(seed);
            var rowBytes = (int)spec.RowBytes;
            byte[][] expected = [new byte[spec.ByteLength], new byte[spec.ByteLength]];
            foreach (var (tensor, bytes) in tensors.Zip(expected))
            {
                random.NextBytes(bytes);
                buffer.Write(tensor, 0, bytes);
            }
            for (var i = 0; i < 10; i++)
            {
                var which = random.Next(2);
                var first = random.Next(rows + 1);
                var part = expected[which].AsSpan(first * rowBytes, random.Next(rows - first + 1) * rowBytes);
                random.NextBytes(part);
                buffer.Write(tensors[which], first, part);
            }
            for (var first = 0; first <= rows; first++)
                for (var which = 0; which < 2; which++)
                {
                    var read = new byte[(rows - first) * rowBytes];
                    buffer.Read(tensors[which], first, read);
                    Assert.Equal(expected[which][(first * rowBytes)..], read);
                }
        }, iter: 300);

    [Fact]
    public void Sizes_grow_with_every_extent() => Gen.Select(Gen.Enum<TensorType>(), Gen.Int[0, 4], Gen.Int[0, 9]).Sample((type, blocks, rows) =>
    {
        using var bench = new FarBench();
        foreach (var bufferType in bench.Device.BufferTypes)
        {
            nuint Size(int b, int r) => bufferType.AllocationSize(new() { Type = type, Shape = new(b * type.BlockLength(), r) });
            Assert.True(Size(blocks, rows) <= Size(blocks + 1, rows));
            Assert.True(Size(blocks, rows) <= Size(blocks, rows + 1));
        }
    }, iter: 50);

    [Fact]
    public void Cleared_memory_reads_as_zeros_and_fresh_memory_does_not()
    {
        using var bench = new FarBench();
        var spec = new TensorSpec { Type = TensorType.F32, Shape = new(5, 3) };
        foreach (var bufferType in bench.Device.BufferTypes)
        {
            var tensor = bench.Place(bufferType, spec);
            var read = new byte[spec.ByteLength];
            tensor.Buffer.Read(tensor, 0, read);
            Assert.True(float.IsNaN(BitConverter.ToSingle(read)));
            tensor.Buffer.Clear(0, tensor.Buffer.Length);
            tensor.Buffer.Read(tensor, 0, read);
            Assert.All(read, b => Assert.Equal(0, b));
        }
    }

    [Fact]
    public void The_host_sees_addresses_and_no_memory()
    {
        using var bench = new FarBench();
        foreach (var bufferType in bench.Device.BufferTypes)
        {
            Assert.False(bufferType.Traits.HostVisible);
            Assert.Equal(Residency.Unknown, bufferType.Traits.Residency);
            foreach (var length in new nuint[] { 0, 1000 })
            {
                var buffer = bench.Allocate(bufferType, length);
                Assert.False(buffer.TryGetPointer(out var pointer));
                Assert.Equal(0, pointer);
                Assert.Equal(buffer.Range.Start, buffer.BaseAddress);
                Assert.Equal(length, buffer.Length);
                buffer.Clear(0, length);
                buffer.Dispose();
                buffer.Dispose();
                Assert.Throws<ObjectDisposedException>(() => buffer.Clear(0, 0));
            }
        }
    }

    [Fact]
    public void Free_memory_shrinks_with_buffers_and_comes_back()
    {
        using var bench = new FarBench(("memory", "1 MiB"), ("max-allocation", "768 KiB"));
        Assert.Equal(new(1 << 20, 1 << 20), bench.Device.QueryMemory());
        var first = bench.Allocate(bench.Private, 768 << 10);
        Assert.Equal(256u << 10, bench.Device.QueryMemory().Free);
        var full = Assert.Throws<OutOfDeviceMemoryException>(() => bench.Allocate(bench.Plain, 300 << 10));
        Assert.Equal((300u << 10, 256u << 10), (full.Asked, full.Free!.Value));
        Assert.Equal(768u << 10, Assert.Throws<TooLargeException>(() => bench.Allocate(bench.Plain, 769 << 10)).Largest);
        first.Dispose();
        Assert.Equal(1u << 20, bench.Device.QueryMemory().Free);
    }

    [Fact]
    public void Requests_that_do_not_fit_the_type_are_refused()
    {
        using var bench = new FarBench();
        Assert.Throws<MisalignedException>(() => bench.Plain.Allocate(new() { Range = new(0x1001, 64), Length = 64 }));
        Assert.Throws<UnsupportedException>(() => bench.Plain.Allocate(new() { Range = new(0x1000, 64), Length = 64, Backing = new HostMemory(0x1000, 64, HostAccess.ReadWrite) }));
    }

    [Fact]
    public void Tensors_are_copied_between_the_layouts_without_the_host()
    {
        using var bench = new FarBench();
        using var other = new FarBench();
        var spec = new TensorSpec { Type = TensorType.Q8_0, Shape = new(64, 5) };
        var bytes = new byte[spec.ByteLength];
        new Random(1).NextBytes(bytes);
        var source = bench.Place(bench.Private, spec, bytes);
        var destination = bench.Place(bench.Plain, spec, new byte[bytes.Length]);
        Assert.True(((ICopiesFrom)bench.Device).TryCopy(source, destination, 4));
        var read = new byte[bytes.Length];
        destination.Buffer.Read(destination, 0, read);
        Assert.Equal([.. bytes[..(4 * 68)], .. new byte[68]], read);
        Assert.False(((ICopiesFrom)other.Device).TryCopy(source, other.Place(other.Plain, spec), 1));
    }

    [Fact]
    public void Faults_come_when_the_settings_ask_for_them()
    {
        using var bench = new FarBench(("fail-allocation", "2"));
        bench.Allocate(bench.Plain, 10);
        Assert.Throws<OutOfDeviceMemoryException>(() => bench.Allocate(bench.Plain, 10));
        bench.Allocate(bench.Plain, 10);
    }

    [Theory]
    [InlineData("maximum", "1", "max-allocation"), InlineData("max-allocation", "3 MiB", "2097152"), InlineData("max-allocation", "x", "number")]
    [InlineData("memory", "0", "give 1"), InlineData("async", "yes", "true or false"), InlineData("memory", "9999999999999 GiB", "number")]
    public void Settings_that_are_wrong_are_refused_with_a_cure(string key, string value, string cure)
        => Assert.Contains(cure, Assert.Throws<ArgumentException>(() => new FarBench((key, value))).Message);

    [Fact]
    public void Settings_are_read_without_regard_to_case_and_with_units()
    {
        using var bench = new FarBench(("Max-Allocation", "1.25 mib"));
        Assert.Equal(1_310_720u, bench.Plain.MaxLength);
    }
}
