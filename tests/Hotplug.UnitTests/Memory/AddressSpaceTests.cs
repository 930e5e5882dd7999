using CsCheck;
using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory.Interop;
using Hotplug.Runtime.Memory;
using Hotplug.UnitTests.Memory.Fakes;
using Xunit;

namespace Hotplug.UnitTests.Memory;

public sealed unsafe class AddressSpaceTests : IDisposable
{
    private readonly AddressSpace _space = new();
    private readonly TestFiles _files = new();

    public void Dispose()
    {
        _files.Dispose();
        Assert.Equal(default, _space.Usage);
    }

    [Fact]
    public void Reservations_are_aligned_disjoint_and_counted_back_to_zero() => Gen.Select(Gen.Int[0, 300_000], Gen.Int[0, 24]).List[1, 12].Sample(wishes =>
    {
        var space = new AddressSpace();
        var held = wishes.Select(wish => space.Reserve((nuint)wish.Item1, (nuint)1 << wish.Item2)).ToList();
        for (var i = 0; i < held.Count; i++)
        {
            var range = held[i].Range;
            Assert.NotEqual((nuint)0, range.Start);
            Assert.Equal((nuint)0, range.Start % ((nuint)1 << wishes[i].Item2));
            Assert.True(range.Length >= (nuint)wishes[i].Item1 && range.Length % space.PageSize == 0 && range.Length != 0);
            Assert.All(held.Skip(i + 1), other => Assert.False(other.Range.Overlaps(range)));
        }
        Assert.Equal(held.Sum(r => (long)r.Range.Length), space.Usage.ReservedBytes);
        Assert.Equal(held.Count, space.Usage.Reservations);
        held.ForEach(r => r.Dispose());
        held.ForEach(r => r.Dispose());
        Assert.Equal(default, space.Usage);
    }, iter: 200);

    [Fact]
    public void What_is_reserved_is_inaccessible_until_something_stands_there_and_again_afterwards()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc, which only Linux has.");
        var page = _space.PageSize;
        var file = _files.Open(_files.Content((int)page + 100, 1));
        using var reservation = _space.Reserve(page * 8);
        Assert.Equal("--------", Access(reservation));
        reservation.Commit(page, page);
        reservation.MapFile(page * 4, file, 0, page + 100);
        Assert.Equal("-c--ff--", Access(reservation));
        reservation.Decommit(page);
        Assert.Equal("----ff--", Access(reservation));
        reservation.Decommit(page * 4);
        Assert.Equal("--------", Access(reservation));
    }

    [Fact]
    public void A_disposed_reservation_leaves_nothing_at_its_addresses()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc, which only Linux has.");
        // Larger than anything else that could take the addresses meanwhile.
        var reservation = _space.Reserve((nuint)1 << 40);
        reservation.Commit(0, 1);
        var range = reservation.Range;
        reservation.Dispose();
        Assert.True(HostMemoryPlatform.Current.Measure(range)!.Sum(region => (long)region.Range.Length) < (long)range.Length / 2);
    }

    [Fact]
    public void Aligning_a_reservation_takes_no_more_addresses_than_it_needs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc, which only Linux has.");
        var before = Addresses();
        using var reservation = _space.Reserve(1, (nuint)1 << 44);
        Assert.True(Addresses() - before < 1L << 43);

        static long Addresses() => File.ReadLines("/proc/self/status").Where(line => line.StartsWith("VmSize:", StringComparison.Ordinal)).Select(line => (long)ProcessMaps.Kilobytes(line.AsSpan(7))).Single();
    }

    [Fact]
    public void Two_buffers_stand_on_the_same_addresses_only_if_both_read()
    {
        using var reservation = _space.Reserve(3 * _space.PageSize);
        using var type = new FakeBuffer(FakeBufferType.Far(), new BufferRequest { Range = reservation.Range, Length = 1 });
        using var other = new FakeBuffer(FakeBufferType.Far(), new BufferRequest { Range = reservation.Range, Length = 1 });
        var part = reservation.Range.Slice(10, 10);
        _space.Register(type, part, readOnly: true);
        _space.Register(other, part, readOnly: true);
        foreach (var (offset, length, readOnly) in ((nuint, nuint, bool)[])[(10, 10, false), (10, 9, true), (9, 2, true), (19, 1, true), (0, 30, true)])
            Assert.Throws<InvalidOperationException>(() => _space.Register(other, reservation.Range.Slice(offset, length), readOnly));
        _space.Register(other, reservation.Range.Slice(20, 5), readOnly: false);
        _space.Unregister(other, part);
        Assert.Same(type, _space.Resolve(part.Start).Buffer);
        Assert.Same(other, _space.Resolve(part.End).Buffer);
        _space.Unregister(type, part);
        _space.Unregister(other, reservation.Range.Slice(20, 5));
    }

    [Fact]
    public void Mapped_pages_show_the_file_and_committed_ones_are_zero_and_writable()
    {
        var page = (int)_space.PageSize;
        var content = _files.Content(3 * page + 17, 2);
        var file = _files.Open(content);
        using var reservation = _space.Reserve((nuint)page * 10);
        var mapped = reservation.MapFile((nuint)page, file, page, (nuint)(2 * page + 17));
        Assert.Equal((HostAccess.Read, (nuint)(3 * page), (nint)reservation.Range.Start + page), (mapped.Access, mapped.Length, mapped.Pointer));
        Assert.Equal(content.AsSpan(page), new Span<byte>((void*)mapped.Pointer, 2 * page + 17));
        var committed = reservation.Commit((nuint)(5 * page), (nuint)page + 1);
        Assert.Equal((HostAccess.ReadWrite, (nuint)(2 * page)), (committed.Access, committed.Length));
        var bytes = new Span<byte>((void*)committed.Pointer, 2 * page);
        Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)0));
        bytes.Fill(1);
        Assert.Equal((3L * page, 2L * page), (_space.Usage.MappedBytes, _space.Usage.CommittedBytes));
    }

    [Fact]
    public void Regions_never_overlap_whatever_is_tried() => Gen.Select(Gen.Int[0, 15], Gen.Int[1, 8], Gen.Int[0, 2]).List[1, 20].Sample(tries =>
    {
        var space = new AddressSpace();
        var page = space.PageSize;
        using (var reservation = space.Reserve(page * 16))
        {
            var model = new int[16];
            foreach (var (at, pages, what) in tries)
            {
                if (what == 2)
                {
                    var begins = model[at] != 0 && (at == 0 || model[at - 1] != model[at]);
                    var failure = Record.Exception(() => reservation.Decommit((nuint)at * page));
                    Assert.Equal(begins, failure is null);
                    for (var (i, id) = (at, model[at]); begins && i < 16 && model[i] == id; i++)
                        model[i] = 0;
                }
                else
                {
                    var fits = at + pages <= 16 && !model.AsSpan(at, pages).ContainsAnyExcept(0);
                    var failure = Record.Exception(() => reservation.Commit((nuint)at * page, (nuint)pages * page - 1));
                    Assert.Equal(fits, failure is null);
                    if (fits)
                        model.AsSpan(at, pages).Fill(at + 1);
                }
                Assert.Equal(model.Count(m => m != 0) * (long)page, space.Usage.CommittedBytes);
            }
        }
        Assert.Equal(default, space.Usage);
    }, iter: 300);

    [Fact]
    public void A_mapping_lies_within_its_file_and_begins_at_a_page()
    {
        var page = (int)_space.PageSize;
        var file = _files.Open(_files.Content(page + 1, 3));
        using var reservation = _space.Reserve((nuint)page * 8);
        Assert.Throws<ArgumentOutOfRangeException>(() => reservation.MapFile(0, file, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => reservation.MapFile(1, file, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => reservation.MapFile(0, file, -page, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => reservation.MapFile(0, file, 2 * page, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => reservation.MapFile(0, file, 0, (nuint)(2 * page + 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => reservation.MapFile(0, file, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => reservation.MapFile((nuint)page * 7, file, 0, (nuint)page + 1));
        Assert.Equal(0, _space.Usage.MappedBytes);
    }

    [Fact]
    public void A_shared_range_lives_until_its_last_holder_goes()
    {
        var first = _space.Reserve(1);
        var second = first.Share();
        var memory = first.Commit(0, 1);
        first.Dispose();
        Assert.Throws<ObjectDisposedException>(() => first.Commit(0, 1));
        *(byte*)memory.Pointer = 7;
        Assert.Equal(1, _space.Usage.Reservations);
        second.Dispose();
        Assert.Equal(default, _space.Usage);
        Assert.Throws<ObjectDisposedException>(second.Share);
    }

    [Fact]
    public void Impossible_wishes_are_typed_and_hold_nothing()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _space.Reserve(1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => _space.Reserve(1, 0));
        Assert.Throws<HostMemoryException>(() => _space.Reserve(nuint.MaxValue));
        Assert.Throws<HostMemoryException>(() => _space.Reserve((nuint)1 << 60));
        Assert.Throws<HostMemoryException>(() => _space.Reserve(1, (nuint)1 << 62));
        var failure = Assert.Throws<HostMemoryException>(() => _space.Reserve((nuint)1 << 50));
        Assert.NotEqual(0, failure.Error);
    }

    [Fact]
    public void Every_address_of_a_buffer_leads_to_it_and_no_other_does()
    {
        var allocator = new BufferAllocator(_space);
        var page = _space.PageSize;
        using var a = allocator.Allocate(FakeBufferType.Cpu(), 100);
        using var b = allocator.Allocate(FakeBufferType.Far(), 5000);
        using var empty = allocator.Allocate(FakeBufferType.Far(), 0);
        using var composite = allocator.AllocateComposite([(FakeBufferType.Cpu(), 3 * page), (FakeBufferType.Far(), 9)]);
        foreach (var buffer in (IBuffer[])[a.Buffer, b.Buffer, empty.Buffer, .. composite.Parts])
        {
            foreach (var offset in (nuint[])[0, buffer.Range.Length / 2, buffer.Range.Length - 1])
                Assert.Equal((buffer, offset), _space.Resolve(buffer.Range.Start + offset));
        }
        Assert.Same(composite.Parts[1], _space.Resolve(composite.Parts[1].BaseAddress).Buffer);
        Assert.False(_space.TryResolve(0, out _, out _));
        Assert.False(_space.TryResolve(b.Range.End, out var none, out _) && ReferenceEquals(none, b.Buffer));
        a.Dispose();
        Assert.False(_space.TryResolve(a.Range.Start, out _, out _));
        Assert.Throws<ArgumentException>(() => _space.Resolve(a.Range.Start));
    }

    private string Access(Reservation reservation)
    {
        var page = reservation.Range.Length / 8;
        var text = new char[8];
        foreach (var region in HostMemoryPlatform.Current.Measure(reservation.Range)!)
        {
            for (var at = region.Range.Start; at < region.Range.End; at += page)
                text[(int)((at - reservation.Range.Start) / page)] = !region.Accessible ? '-' : region.File ? 'f' : 'c';
        }
        return new string(text);
    }
}
