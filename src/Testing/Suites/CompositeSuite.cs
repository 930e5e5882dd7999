using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Memory;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Memory;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>
/// Buffers of several backends side by side in one reserved range, as the runtime composes model memory: every operation visits the parts, every kind of
/// buffer in it has a valid base address, and nothing is left when it goes. Derive it for the backend together with others.
/// </summary>
public abstract class CompositeSuite : IAsyncLifetime
{
    private readonly Dictionary<BackendFixture, BackendRun> _runs = [];
    private readonly AddressSpace _space = new();
    private List<IBufferType> _types = [];

    /// <summary>What the composite is made of, two or three kinds.</summary>
    protected abstract IReadOnlyList<CompositePart> Parts { get; }

    /// <summary>The buffer types of <see cref="Parts"/>, in order.</summary>
    protected IReadOnlyList<IBufferType> Types => _types;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var parts = Parts;
        foreach (var part in parts)
        {
            if (_runs.ContainsKey(part.Fixture)) continue;
            try
            {
                _runs.Add(part.Fixture, await part.Fixture.StartAsync());
            }
            catch (BackendUnavailableException exception)
            {
                await DisposeAsync();
                Assert.Skip(exception.Message);
            }
        }
        _types = [.. parts.Select(part => _runs[part.Fixture].BufferType(part.BufferType).Type)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var run in _runs.Values) await run.DisposeAsync();
        _runs.Clear();
        Assert.Equal(default, _space.Usage);
    }

    /// <summary>Composite, parts, views, empty parts: everything has a base address, inside its root, disjoint, aligned, and the address leads back (koboldcpp #1323, llama.cpp #24280).</summary>
    [Fact]
    public void Every_buffer_has_a_base_address()
    {
        var random = NewRandom();
        for (var round = 0; round < 10; round++)
        {
            var layout = Lengths(random, withEmpty: true);
            using var composite = Compose(layout);
            IBuffer whole = composite;
            Assert.NotEqual((nuint)0, whole.BaseAddress);
            Assert.Equal(0u, whole.BaseAddress % whole.Type.BaseAlignment);
            Assert.Equal(layout.Count, composite.Parts.Count);
            nuint end = 0;
            for (var i = 0; i < layout.Count; i++)
            {
                var part = composite.Parts[i];
                Assert.Same(layout[i].Type, part.Type);
                Assert.Equal(layout[i].Length, part.Length);
                Assert.True(composite.Range.Contains(part.Range), $"Part {i} at {part.Range} does not lie in {composite.Range}.");
                Assert.True(part.Range.Start >= end, $"Part {i} at {part.Range} overlaps the one before it.");
                end = part.Range.End;
                CheckPart(part);
                if (part.Length == 0) continue;
                foreach (var offset in (ReadOnlySpan<nuint>)[0, part.Length / 2, part.Length - 1])
                {
                    Assert.Equal((part, offset), _space.Resolve(part.BaseAddress + offset));
                    Assert.True(composite.TryLocate(part.BaseAddress + offset - composite.Range.Start, out var located, out var inside) && ReferenceEquals(located, part) && inside == offset, $"Offset {offset} of part {i} is not found.");
                }
                using var view = new BufferView(part, 0, part.Length);
                Assert.Equal(part.BaseAddress, ((IBuffer)view).BaseAddress);
            }
            Assert.Equal(composite.Type.Traits.HostVisible && composite.Length != 0, composite.TryGetPointer(out var pointer));
            Assert.Equal(composite.TryGetPointer(out _) ? (nint)whole.BaseAddress : 0, pointer);
        }
    }

    /// <summary>What the composite states is what all of its parts state; what its buffers are for is what it is for (llama.cpp #26502).</summary>
    [Fact]
    public void Facts_are_the_conjunction_of_the_parts()
    {
        foreach (var usage in Enum.GetValues<BufferUsage>())
        {
            using var composite = Compose(Lengths(NewRandom(), withEmpty: false), usage);
            Assert.Equal(usage, composite.Usage);
            Assert.All(composite.Parts, part => Assert.Equal(usage, part.Usage));
            var traits = composite.Type.Traits;
            foreach (var part in composite.Parts)
            {
                Assert.True(part.Type.Traits.HostVisible || !traits.HostVisible, "The composite is host-visible, and a part is not.");
                Assert.True(part.Type.Traits.StandardLayout || !traits.StandardLayout, "The composite has the standard layout, and a part has not.");
                Assert.True(part.Type.Traits.Adopts || !traits.Adopts, "The composite adopts, and a part does not.");
                Assert.True(composite.Type.BaseAlignment >= part.Type.BaseAlignment && composite.Type.TensorAlignment >= part.Type.TensorAlignment, "A part needs a wider alignment than the composite states.");
                foreach (var type in TensorTypes.All)
                {
                    var spec = new TensorSpec { Type = type, Shape = new(type.BlockLength() * 3L, 5) };
                    Assert.True(composite.Type.AllocationSize(spec) >= part.Type.AllocationSize(spec), $"{spec} takes more in a part than the composite states.");
                }
            }
            // The whole is as large as its parts, none below one alignment unit, and what alignment puts between them, and no more (llama.cpp #23937).
            var slack = composite.Parts.Aggregate((nuint)0, (sum, part) => sum + part.Type.BaseAlignment + nuint.Max(part.Type.BaseAlignment, nuint.Max(part.Type.TensorAlignment, _space.PageSize)));
            Assert.True(composite.Range.Length <= composite.Parts.Aggregate((nuint)0, (sum, part) => sum + part.Length) + slack, "The composite is larger than its parts explain.");
        }
    }

    /// <summary>Tensors written and read by the composite, by a view or by their part, in any mixture, cleared one by one or all together: always what was written last (llama.cpp #22197).</summary>
    [Fact]
    public void Every_operation_reaches_the_right_part()
    {
        var random = NewRandom();
        for (var round = 0; round < 8; round++)
        {
            using var composite = Compose(Lengths(random, withEmpty: true));
            var tensors = Place(random, composite);
            foreach (var (part, offset, spec, bytes) in tensors) part.Write(new TensorRef(part, offset, spec), 0, bytes);
            for (var i = 0; i < 150; i++)
            {
                var (part, offset, spec, bytes) = tensors[random.Next(tensors.Count)];
                var (named, owned) = Name(random, composite, part, offset, spec);
                using var _ = owned;
                Scenario.Run($"Round {round}, operation {i} on {spec} in {part.Type.Name}, named by {named.Buffer.GetType().Name}", () => Operate(random, composite, tensors, named, bytes));
            }
            composite.Clear(0, composite.Length);
            foreach (var (part, offset, spec, bytes) in tensors)
            {
                bytes.AsSpan().Clear();
                ExpectContent(new TensorRef(part, offset, spec), bytes, "After clearing the composite");
            }
        }
    }

    /// <summary>A tensor never lies in two parts, between parts, or behind the last: refused before anything is touched.</summary>
    [Fact]
    public void Tensor_in_two_parts_is_refused()
    {
        var random = NewRandom();
        using var composite = Compose([.. Types.Select(type => (type, (nuint)4096))]);
        var tensors = Place(random, composite);
        foreach (var (part, offset, spec, bytes) in tensors) part.Write(new TensorRef(part, offset, spec), 0, bytes);
        var large = new TensorSpec { Type = TensorType.F32, Shape = new(64, 64) };
        var row = new byte[256];
        foreach (var offset in composite.Parts.Select(part => part.Range.Start - composite.Range.Start).Append(composite.Length))
        {
            var tensor = new TensorRef(composite, offset, large);
            Expect.Throws<ArgumentException>($"Writing a tensor that leaves its part at offset {offset}", () => composite.Write(tensor, 0, row));
            Expect.Throws<ArgumentException>($"Reading a tensor that leaves its part at offset {offset}", () => composite.Read(tensor, 0, row));
        }
        Expect.Throws<ArgumentException>("Clearing behind the composite", () => composite.Clear(composite.Length, 1));
        using var stranger = Compose([(Types[0], 4096)]);
        Expect.Throws<ArgumentException>("A tensor of another composite", () => composite.Resolve(new TensorRef(stranger, 0, large)));
        foreach (var (part, offset, spec, bytes) in tensors) ExpectContent(new TensorRef(part, offset, spec), bytes, "After refused calls");
    }

    /// <summary>What a plugin receives names one of its physical buffers, never the composite or a view of it (llama.cpp #22197).</summary>
    [Fact]
    public void Resolved_tensor_names_a_physical_buffer()
    {
        var random = NewRandom();
        using var composite = Compose(Lengths(random, withEmpty: true));
        foreach (var (part, offset, spec, _) in Place(random, composite))
        {
            var direct = composite.Resolve(new TensorRef(composite, part.Range.Start - composite.Range.Start + offset, spec));
            Assert.Same(part, direct.Buffer);
            Assert.Equal(offset, direct.Offset);
            using var view = new BufferView(composite, part.Range.Start - composite.Range.Start, part.Length);
            Assert.Same(part, view.Resolve(new TensorRef(view, offset, spec)).Buffer);
            Assert.Equal((part, offset), _space.Resolve(direct.Address));
        }
    }

    /// <summary>Views over a part, over several parts, over views, and over nothing: base address inside the root, operations as on the root.</summary>
    [Fact]
    public void Views_lie_in_their_root()
    {
        var random = NewRandom();
        for (var round = 0; round < 30; round++)
        {
            using var composite = Compose(Lengths(random, withEmpty: true));
            var unit = composite.Type.TensorAlignment;
            var first = (nuint)random.NextInt64((long)composite.Length) / unit * unit;
            var length = (nuint)random.NextInt64((long)(composite.Length - first) + 1);
            using var view = new BufferView(composite, first, length);
            Assert.True(((IBuffer)view).BaseAddress != 0 && composite.Range.Contains(view.Range) && view.Range.Length != 0, $"The view at {view.Range} does not lie in {composite.Range}.");
            Assert.Equal(length, view.Length);
            Assert.Equal(composite.Usage, view.Usage);
            view.Clear(0, length);
            Expect.Throws<ArgumentException>("Clearing behind a view", () => view.Clear(length, 1));
            using var nested = new BufferView(view, 0, length / 2 / unit * unit);
            Assert.True(view.Range.Contains(nested.Range), "A view of a view lies outside of it.");
            nested.Clear(0, nested.Length);
            view.Dispose();
            Expect.Throws<ObjectDisposedException>("Clearing a disposed view", () => view.Clear(0, 0));
            composite.Clear(first, length);
        }
    }

    /// <summary>A model larger than the largest allocation becomes many parts of each type, all with base addresses, and host parts can be locked range by range (llama.cpp #24280, #5023).</summary>
    [Fact]
    public void Many_small_parts_are_locked_range_by_range()
    {
        var random = NewRandom();
        var allocator = new BufferAllocator(_space);
        var layout = Enumerable.Range(0, 6).SelectMany(_ => Types.Select(type => (type, nuint.Min(40_000, allocator.LargestAllocation(type))))).ToList();
        using var composite = Compose(layout);
        var locks = new List<RangeLock>();
        try
        {
            nuint expected = 0;
            foreach (var part in composite.Parts.OrderBy(_ => random.Next()).Where(part => part.TryGetPointer(out _)))
            {
                if (!_space.Locks.TryLock(part.Range, out var held, out var reason))
                {
                    Assert.False(string.IsNullOrWhiteSpace(reason), "A lock was refused without a reason.");
                    continue;
                }
                locks.Add(held!);
                expected += held!.Range.Length;
                Assert.True(held.Range.Contains(part.Range), "The lock does not cover its part.");
                Assert.Equal(expected, _space.Locks.LockedBytes);
            }
            foreach (var held in locks) Assert.Equal(held.Range.Length, _space.Locks.LockedIn(held.Range));
        }
        finally
        {
            foreach (var held in locks.OrderBy(_ => random.Next())) held.Dispose();
        }
        Assert.Equal((nuint)0, _space.Locks.LockedBytes);
    }

    /// <summary>A composite of which a part cannot be made holds nothing of the others.</summary>
    [Fact]
    public void Failed_part_leaves_nothing()
    {
        var before = _runs.Values.Select(run => run.Host.OpenBytes).ToList();
        foreach (var type in Types)
        {
            var good = Types.Select(other => (other, (nuint)5000)).ToList();
            Assert.ThrowsAny<BackendException>(() => Compose([.. good, (UnreachableBufferType.Instance, 4096)]).Dispose());
            if (type.MaxLength < nuint.MaxValue / 4) Expect.Fault(FaultKind.TooLarge, $"A part of {type.Name} above its largest allocation", () => Compose([.. good, (type, type.MaxLength + 1)]).Dispose());
            Assert.Equal(default, _space.Usage);
            Assert.Equal(before, _runs.Values.Select(run => run.Host.OpenBytes));
        }
    }

    /// <summary>Tensors copied between parts of any two types, directly where a device can and through host memory otherwise, arrive bit for bit.</summary>
    [Fact]
    public void Tensors_move_between_parts()
    {
        var random = NewRandom();
        using var composite = Compose([.. Types.Select(type => (type, nuint.Min(60_000, type.MaxLength)))]);
        foreach (var from in composite.Parts)
            foreach (var to in composite.Parts)
                foreach (var type in TensorTypes.All)
                {
                    if (ReferenceEquals(from, to)) continue;
                    var spec = RandomRows.Spec(random, type, 6);
                    if (from.Type.AllocationSize(spec) > from.Length || to.Type.AllocationSize(spec) > to.Length) continue;
                    var (source, destination) = (new TensorRef(from, 0, spec), new TensorRef(to, 0, spec));
                    var bytes = RandomRows.Bytes(random, spec.ByteLength);
                    from.Write(source, 0, bytes);
                    Poisoning.Fill(destination);
                    var device = _runs.Values.SelectMany(run => run.Backend.Devices).First(device => device.BufferTypes.Contains(to.Type));
                    var direct = device is ICopiesFrom copier && copier.TryCopy(source, destination, spec.RowCount);
                    if (!direct)
                    {
                        var staged = new byte[bytes.Length];
                        from.Read(source, 0, staged);
                        to.Write(destination, 0, staged);
                    }
                    ExpectContent(destination, bytes, $"{spec} from {from.Type.Name} to {to.Type.Name}, {(direct ? "directly" : "through host memory")}");
                }
    }

    /// <summary>Disposed twice, and used afterwards: harmless, and an error that says so; nothing of the parts is left.</summary>
    [Fact]
    public void Disposed_composite_says_so()
    {
        var composite = Compose(Lengths(NewRandom(), withEmpty: true));
        composite.Dispose();
        composite.Dispose();
        Expect.Throws<ObjectDisposedException>("Clearing a disposed composite", () => composite.Clear(0, 0));
        Assert.Equal(default, _space.Usage);
    }

    /// <summary>The random numbers of a test.</summary>
    protected Random NewRandom([System.Runtime.CompilerServices.CallerMemberName] string test = "") => TestSeed.For(test);

    private MultiBuffer Compose(IReadOnlyList<(IBufferType Type, nuint Length)> parts, BufferUsage usage = BufferUsage.Weights)
        => new BufferAllocator(_space).AllocateComposite(parts, usage);

    private List<(IBufferType Type, nuint Length)> Lengths(Random random, bool withEmpty)
    {
        var layout = new List<(IBufferType, nuint)>();
        foreach (var type in Types.Concat(Types).OrderBy(_ => random.Next()))
            layout.Add((type, withEmpty && random.Next(5) == 0 ? 0 : nuint.Min(type.MaxLength, (nuint)random.Next(3000, 30_000))));
        layout.Add((Types[0], 8192));
        return layout;
    }

    private static void CheckPart(IBuffer part)
    {
        Assert.True(part.BaseAddress != 0 && part.BaseAddress % part.Type.BaseAlignment == 0, $"A part of {part.Type.Name} has the base address 0x{part.BaseAddress:x}.");
        Assert.True(part.Range.Length != 0, "A part has an empty range.");
        var has = part.TryGetPointer(out var pointer);
        Assert.Equal(part.Type.Traits.HostVisible && part.Length != 0, has);
        Assert.Equal(has ? (nint)part.BaseAddress : 0, pointer);
        part.Clear(0, part.Length);
    }

    private static List<(IBuffer Part, nuint Offset, TensorSpec Spec, byte[] Bytes)> Place(Random random, MultiBuffer composite)
    {
        var tensors = new List<(IBuffer, nuint, TensorSpec, byte[])>();
        foreach (var part in composite.Parts)
            for (nuint end = 0; ;)
            {
                var spec = RandomRows.Spec(random, TensorTypes.All[random.Next(TensorTypes.All.Count)], 5, $"t{tensors.Count}");
                var offset = (end + part.Type.TensorAlignment - 1) & ~(part.Type.TensorAlignment - 1);
                if (offset + part.Type.AllocationSize(spec) > part.Length) break;
                tensors.Add((part, offset, spec, RandomRows.Bytes(random, spec.ByteLength)));
                end = offset + part.Type.AllocationSize(spec);
            }
        return tensors;
    }

    private static (TensorRef Named, IDisposable? Owned) Name(Random random, MultiBuffer composite, IBuffer part, nuint offset, TensorSpec spec)
    {
        var inComposite = part.Range.Start - composite.Range.Start + offset;
        switch (random.Next(4))
        {
            case 0: return (new TensorRef(part, offset, spec), null);
            case 1:
                var ofPart = new BufferView(part, 0, part.Length);
                return (new TensorRef(ofPart, offset, spec), ofPart);
            case 2:
                var ofWhole = new BufferView(composite, 0, composite.Length);
                return (new TensorRef(ofWhole, inComposite, spec), ofWhole);
            default: return (new TensorRef(composite, inComposite, spec), null);
        }
    }

    private static void Operate(Random random, MultiBuffer composite, List<(IBuffer Part, nuint Offset, TensorSpec Spec, byte[] Bytes)> tensors, TensorRef named, byte[] bytes)
    {
        var spec = named.Spec;
        var rowBytes = (int)spec.RowBytes;
        var first = random.Next((int)spec.RowCount + 1);
        var rows = random.Next((int)spec.RowCount - first + 1);
        switch (random.Next(5))
        {
            case 0:
                var written = RandomRows.Bytes(random, rows * rowBytes);
                named.Buffer.Write(named, first, written);
                written.CopyTo(bytes, first * rowBytes);
                break;
            case 1 when random.Next(4) == 0:
                // Everything from one tensor's start to another's end, across parts and gaps.
                var (a, b) = (random.Next(tensors.Count), random.Next(tensors.Count));
                var (from, to) = (Start(tensors[Math.Min(a, b)]), Start(tensors[Math.Max(a, b)]) + tensors[Math.Max(a, b)].Part.Type.AllocationSize(tensors[Math.Max(a, b)].Spec));
                composite.Clear(from - composite.Range.Start, to - from);
                for (var i = Math.Min(a, b); i <= Math.Max(a, b); i++) tensors[i].Bytes.AsSpan().Clear();
                foreach (var (part, offset, other, content) in tensors) ExpectContent(new TensorRef(part, offset, other), content, $"After clearing from {from} to {to}");
                break;
            default:
                var read = new byte[rows * rowBytes];
                named.Buffer.Read(named, first, read);
                Expect.SameBytes($"Rows {first} to {first + rows}", bytes.AsSpan(first * rowBytes, read.Length), read);
                break;
        }

        static nuint Start((IBuffer Part, nuint Offset, TensorSpec, byte[]) tensor) => tensor.Part.Range.Start + tensor.Offset;
    }

    private static void ExpectContent(TensorRef tensor, ReadOnlySpan<byte> expected, string what)
    {
        var read = new byte[tensor.Spec.ByteLength];
        tensor.Buffer.Read(tensor, 0, read);
        Expect.SameBytes($"{what}: {tensor.Spec} in {tensor.Buffer.Type.Name}", expected, read);
    }
}
