using CsCheck;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Memory;
using Hotplug.UnitTests.Memory.Fakes;
using Xunit;

namespace Hotplug.UnitTests.Memory;

public sealed class MultiBufferTests : IDisposable
{
    private static readonly Gen<(int Kind, int Length)[]> Parts = Gen.Select(Gen.Int[0, 2], Gen.OneOf(Gen.Int[0, 3], Gen.Int[0, 20_000])).Array[0, 5];
    private readonly AddressSpace _space = new();

    public void Dispose() => Assert.Equal(default, _space.Usage);

    // Bytes as rows of one I8 tensor per row; the model is the plain bytes by offset, padding excluded.
    [Fact]
    public void Operations_do_what_they_do_on_plain_bytes() => Gen.Select(Parts, Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 1000], Gen.Int[0, 1000]).Array[0, 25]).Sample((parts, steps) =>
    {
        var space = new AddressSpace();
        var types = new[] { FakeBufferType.Cpu(), FakeBufferType.Interleaved(), FakeBufferType.Far() };
        using (var composite = new BufferAllocator(space).AllocateComposite([.. parts.Select(part => ((IBufferType)types[part.Kind], (nuint)part.Length))], BufferUsage.Weights))
        {
            Check(composite, parts, types, space.PageSize);
            // One tensor per part, filled; then single rows and stretches change.
            var tensors = parts.Select((part, i) => Tensor(composite.Parts[i], part.Length, types[part.Kind].Padding)).ToArray();
            var model = tensors.Select(tensor => new byte[tensor.ByteLength]).ToArray();
            for (var i = 0; i < parts.Length; i++)
            {
                new Random(i).NextBytes(model[i]);
                composite.Write(new TensorRef(composite, composite.Parts[i].Range.Start - composite.Range.Start, tensors[i]), 0, model[i]);
            }
            foreach (var (what, which, at, count) in steps)
            {
                if (parts.Length == 0)
                    continue;
                var i = which % parts.Length;
                var rows = (int)tensors[i].RowCount;
                var first = rows == 0 ? 0 : at % rows;
                var length = Math.Min(count % 5, rows - first);
                // Named by the composite or by the part, which must not matter.
                var reference = at % 2 == 0 ? new TensorRef(composite.Parts[i], 0, tensors[i]) : new TensorRef(composite, composite.Parts[i].Range.Start - composite.Range.Start, tensors[i]);
                var stretch = model[i].AsSpan(first * 8, length * 8);
                switch (what)
                {
                    case 0:
                        new Random(at).NextBytes(stretch);
                        composite.Write(reference, first, stretch);
                        break;
                    case 1:
                        var read = new byte[length * 8];
                        composite.Read(reference, first, read);
                        Assert.Equal(stretch.ToArray(), read);
                        break;
                    case 2:
                        var from = (nuint)(at % 1001 / 1000.0 * composite.Length);
                        var bytes = (nuint)(count / 1000.0 * (composite.Length - from));
                        composite.Clear(from, bytes);
                        for (var k = 0; k < parts.Length; k++)
                        {
                            var start = composite.Parts[k].Range.Start - composite.Range.Start;
                            for (nuint b = 0; b < (nuint)model[k].Length; b++)
                            {
                                if (start + b >= from && start + b < from + bytes)
                                    model[k][b] = 0;
                            }
                        }
                        break;
                    default:
                        // A view of whole rows of the part behaves like the rows.
                        var unit = types[parts[i].Kind].TensorAlignment;
                        using (var view = new BufferView(composite.Parts[i], 0, composite.Parts[i].Length))
                        {
                            var seen = new byte[length * 8];
                            view.Read(new TensorRef(view, 0, tensors[i]), first, seen);
                            Assert.Equal(stretch.ToArray(), seen);
                            Assert.Equal((nuint)0, view.Range.Start % unit);
                        }
                        break;
                }
            }
            for (var i = 0; i < parts.Length; i++)
            {
                var all = new byte[model[i].Length];
                composite.Read(new TensorRef(composite.Parts[i], 0, tensors[i]), 0, all);
                Assert.Equal(model[i], all);
            }
        }
        Assert.Equal(default, space.Usage);
        Assert.All(types, type => Assert.Equal(0, type.Alive));
    }, iter: 300);

    private static void Check(MultiBuffer composite, (int Kind, int Length)[] parts, FakeBufferType[] types, nuint page)
    {
        Assert.Equal(parts.Length, composite.Parts.Count);
        Assert.NotEqual((nuint)0, ((IBuffer)composite).BaseAddress);
        Assert.NotEqual((nuint)0, composite.Range.Length);
        Assert.Equal((nuint)0, composite.Range.Start % composite.Type.BaseAlignment);
        Assert.Equal(parts.All(part => part.Length == 0), composite.Length == 0);
        nuint end = 0;
        foreach (var (part, i) in composite.Parts.Select((part, i) => (part, i)))
        {
            Assert.True(composite.Range.Contains(part.Range));
            Assert.True(part.Range.Start >= end);
            Assert.Equal((nuint)0, part.Range.Start % nuint.Max(page, part.Type.BaseAlignment));
            end = part.Range.End;
        }
        var used = parts.Select(part => types[part.Kind].Traits).ToArray();
        var traits = composite.Type.Traits;
        Assert.Equal(used.All(t => t.StandardLayout), traits.StandardLayout);
        Assert.True(!traits.HostVisible || used.All(t => t.HostVisible));
        Assert.Equal(used.Length != 0 && used.All(t => t.Residency == Residency.Resident) ? Residency.Resident : Residency.Pageable, traits.Residency);
        Assert.Equal(traits.HostVisible && composite.Length != 0, composite.TryGetPointer(out var pointer));
        Assert.Equal(traits.HostVisible && composite.Length != 0 ? composite.Range.Start : 0, (nuint)pointer);
        var spec = Rows(100);
        Assert.All(parts, part => Assert.True(composite.Type.AllocationSize(spec) >= types[part.Kind].AllocationSize(spec)));
        Assert.All(parts, part => Assert.Equal((nuint)0, composite.Type.TensorAlignment % types[part.Kind].TensorAlignment));
    }

    [Fact]
    public void Host_parts_without_gaps_are_one_piece_of_memory()
    {
        var page = _space.PageSize;
        var cpu = FakeBufferType.Cpu();
        using var whole = new BufferAllocator(_space).AllocateComposite([(cpu, 2 * page), (FakeBufferType.Cpu(), page), (cpu, 17)]);
        Assert.True(whole.TryGetPointer(out var pointer));
        Assert.Equal(whole.Range.Start, (nuint)pointer);
        whole.Write(new TensorRef(whole.Parts[2], 0, Rows(2)), 0, "0123456789abcdef"u8);
        unsafe
        {
            Assert.Equal("0123456789abcdef"u8, new Span<byte>((byte*)pointer + 3 * page, 16));
        }
        using var gap = new BufferAllocator(_space).AllocateComposite([(cpu, 2 * page - 1), (cpu, page)]);
        Assert.False(gap.TryGetPointer(out _));
        Assert.False(gap.Type.Traits.HostVisible);
        Assert.False(gap.Type.Traits.Adopts);
    }

    [Fact]
    public void A_tensor_lies_in_exactly_one_part()
    {
        var page = _space.PageSize;
        var cpu = FakeBufferType.Cpu();
        using var composite = new BufferAllocator(_space).AllocateComposite([(cpu, page), (cpu, page)]);
        var bytes = new byte[16];
        composite.Write(new TensorRef(composite, page, Rows(2)), 0, bytes);
        var resolved = composite.Resolve(new TensorRef(composite, page + 32, Rows(2)));
        Assert.Equal((composite.Parts[1], (nuint)32), (resolved.Buffer, resolved.Offset));
        // Across the boundary, behind the end, misaligned, in another buffer.
        using var other = new BufferAllocator(_space).Allocate(FakeBufferType.Cpu(), page);
        // The host checks, whatever the plugin would have done.
        cpu.OnCall = call => Assert.False(call is "Write" or "Read" or "Clear", "the plugin was called");
        Assert.ThrowsAny<ArgumentException>(() => composite.Write(new TensorRef(composite, page - 32, Rows(5)), 0, bytes));
        Assert.ThrowsAny<ArgumentException>(() => composite.Write(new TensorRef(composite, 2 * page, Rows(2)), 0, bytes));
        Assert.ThrowsAny<ArgumentException>(() => composite.Write(new TensorRef(composite, 3 * page, Rows(2)), 0, bytes));
        Assert.ThrowsAny<ArgumentException>(() => composite.Write(new TensorRef(composite, 1, Rows(2)), 0, bytes));
        Assert.ThrowsAny<ArgumentException>(() => composite.Write(new TensorRef(other.Buffer, 0, Rows(2)), 0, bytes));
        Assert.ThrowsAny<ArgumentException>(() => composite.Read(new TensorRef(composite, 0, Rows(2)), 1, bytes));
        Assert.ThrowsAny<ArgumentException>(() => composite.Read(new TensorRef(composite, 0, Rows(2)), 0, bytes.AsSpan(0, 7)));
        Assert.ThrowsAny<ArgumentException>(() => composite.Clear(1, 2 * page));
        cpu.OnCall = null;
        // A tensor without bytes may stand at the very end.
        composite.Read(new TensorRef(composite, 2 * page, Rows(0)), 0, []);
    }

    [Fact]
    public unsafe void Nothing_is_touched_when_one_of_the_parts_is_read_only()
    {
        using var files = new TestFiles();
        var page = _space.PageSize;
        var content = files.Content((int)page, 5);
        var file = files.Open(content);
        var (cpu, far) = (FakeBufferType.Cpu(), FakeBufferType.Far());
        var reservation = _space.Reserve(16 * page, 16384);
        var mapped = reservation.MapFile(8 * page, file, 0, page);
        var memory = reservation.Commit(0, page);
        var facts = BufferTypeFacts.Read(cpu);
        using var composite = new MultiBuffer(reservation,
        [
            BufferAllocator.AllocateIn(_space, facts, new BufferRequest { Range = reservation.Range.Slice(0, page), Length = page, Backing = memory }),
            BufferAllocator.AllocateIn(_space, BufferTypeFacts.Read(far), new BufferRequest { Range = reservation.Range.Slice(4 * page, page), Length = page }),
            BufferAllocator.AllocateIn(_space, facts, new BufferRequest { Range = reservation.Range.Slice(8 * page, page), Length = page, Backing = mapped }),
        ]);
        Assert.True(composite.IsReadOnly);
        var ones = new byte[80];
        Array.Fill(ones, (byte)1);
        composite.Write(new TensorRef(composite, 0, Rows(10)), 0, ones);
        composite.Write(new TensorRef(composite, 4 * page, Rows(10)), 0, ones);
        Assert.Throws<ReadOnlyException>(() => composite.Write(new TensorRef(composite, 8 * page, Rows(10)), 0, ones));
        Assert.Throws<ReadOnlyException>(() => composite.Clear(0, composite.Length));
        Assert.Throws<ReadOnlyException>(() => composite.Clear(page / 2, 8 * page));
        var read = new byte[80];
        composite.Read(new TensorRef(composite, 0, Rows(10)), 0, read);
        Assert.Equal(ones, read);
        composite.Read(new TensorRef(composite, 4 * page, Rows(10)), 0, read);
        Assert.Equal(ones, read);
        composite.Read(new TensorRef(composite, 8 * page, Rows(10)), 0, read);
        Assert.Equal(content[..80], read);
        // What stays clear of the mapping can be cleared, and so can a view.
        composite.Clear(0, 8 * page);
        composite.Read(new TensorRef(composite, 0, Rows(10)), 0, read);
        Assert.Equal(-1, read.AsSpan().IndexOfAnyExcept((byte)0));
        using var left = new BufferView(composite, 0, 8 * page);
        using var right = new BufferView(composite, 4 * page, 4 * page + 1);
        Assert.Equal((false, true), (left.IsReadOnly, right.IsReadOnly));
        left.Write(new TensorRef(left, 4 * page, Rows(10)), 0, ones);
        left.Clear(0, left.Length);
        Assert.Throws<ReadOnlyException>(() => right.Clear(0, right.Length));
    }

    [Fact]
    public void The_composite_type_describes_and_makes_nothing()
    {
        using var composite = new BufferAllocator(_space).AllocateComposite([(FakeBufferType.Cpu(), 5), (FakeBufferType.Far(residency: Residency.Unknown), 6)]);
        Assert.Equal("composite(cpu, far)", composite.Type.Name);
        Assert.Equal(Residency.Unknown, composite.Type.Traits.Residency);
        Assert.Equal((16384, 512), ((int)composite.Type.BaseAlignment, (int)composite.Type.TensorAlignment));
        Assert.Throws<UnsupportedException>(() => composite.Type.Allocate(new BufferRequest { Range = composite.Range, Length = composite.Length }));
    }

    [Fact]
    public void Disposal_goes_backwards_once_and_ends_every_operation()
    {
        var order = new List<string>();
        var (a, b) = (FakeBufferType.Cpu(), FakeBufferType.Far());
        var composite = new BufferAllocator(_space).AllocateComposite([(a, 5), (b, 6), (a, 0)]);
        // The memory must still be there when the last buffer goes.
        a.OnCall = call => { if (call == "Dispose") order.Add($"a{_space.Usage.Reservations}"); };
        b.OnCall = call => { if (call == "Dispose") { order.Add($"b{_space.Usage.Reservations}"); throw new ForeignException(); } };
        var view = new BufferView(composite, 0, 5);
        composite.Dispose();
        composite.Dispose();
        Assert.Equal(["a1", "b1", "a1"], order);
        Assert.Equal(default, _space.Usage);
        Assert.Throws<ObjectDisposedException>(() => composite.Clear(0, 0));
        Assert.Throws<ObjectDisposedException>(() => composite.TryGetPointer(out _));
        Assert.Throws<ObjectDisposedException>(() => composite.Read(new TensorRef(composite, 0, Rows(0)), 0, []));
        Assert.Throws<ObjectDisposedException>(() => view.Clear(0, 0));
        view.Dispose();
        view.Dispose();
    }

    [Fact]
    public void A_view_is_a_window_on_its_root()
    {
        var page = _space.PageSize;
        using var composite = new BufferAllocator(_space).AllocateComposite([(FakeBufferType.Far(), page), (FakeBufferType.Interleaved(), page)], BufferUsage.KvCache);
        var second = composite.Parts[1].Range.Start - composite.Range.Start;
        using var view = new BufferView(composite, second, 512);
        using var inner = new BufferView(view, 0, 300);
        Assert.Equal((composite.Parts[1].Range.Start, (nuint)300, BufferUsage.KvCache), (inner.Range.Start, inner.Length, inner.Usage));
        Assert.True(view.Range.Contains(inner.Range) && composite.Range.Contains(view.Range));
        var rows = new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 };
        inner.Write(new TensorRef(inner, 128, Rows(2)), 1, rows);
        var read = new byte[8];
        composite.Read(new TensorRef(composite, second + 128, Rows(2)), 1, read);
        Assert.Equal(rows, read);
        var resolved = inner.Resolve(new TensorRef(inner, 128, Rows(2)));
        Assert.Equal((composite.Parts[1], (nuint)128), (resolved.Buffer, resolved.Offset));
        // 300 bytes hold 252 at 0 (204 + 48 of padding) and no more.
        inner.Read(new TensorRef(inner, 0, Rows(31)), 31, []);
        Assert.ThrowsAny<ArgumentException>(() => inner.Read(new TensorRef(inner, 0, Rows(32)), 0, []));
        Assert.ThrowsAny<ArgumentException>(() => inner.Read(new TensorRef(inner, 384, Rows(0)), 0, []));
        Assert.ThrowsAny<ArgumentException>(() => inner.Read(new TensorRef(view, 0, Rows(1)), 0, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BufferView(view, 0, 513));
        Assert.Throws<MisalignedException>(() => new BufferView(view, 64, 1));
        inner.Clear(0, 300);
        composite.Read(new TensorRef(composite, second + 128, Rows(2)), 1, read);
        Assert.Equal(new byte[8], read);
        foreach (var at in (nuint[])[0, 512, composite.Length / 512 * 512])
        {
            using var empty = new BufferView(composite, at, 0);
            Assert.True(empty.Range.Length != 0 && composite.Range.Contains(empty.Range));
            empty.Clear(0, 0);
            Assert.False(empty.TryGetPointer(out _));
            Assert.Throws<ArgumentOutOfRangeException>(() => empty.Clear(0, 1));
        }
        view.Dispose();
        Assert.Throws<ObjectDisposedException>(() => view.Clear(0, 0));
        composite.Clear(0, composite.Length);
    }

    private static TensorSpec Rows(int rows) => new() { Name = "t", Type = TensorType.I8, Shape = new TensorShape(8, rows) };

    /// <summary>The most rows of 8 bytes that fit a part beside the padding.</summary>
    private static TensorSpec Tensor(IBuffer part, int length, nuint padding) => Rows(Math.Max(0, (length - (int)padding) / 8));
}
