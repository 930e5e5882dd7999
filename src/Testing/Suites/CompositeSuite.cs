using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Memory;
using Hotplug.Testing.Data;
using Hotplug.Testing.Memory;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>
/// Buffers of several backends side by side in one reserved range, as the runtime composes model memory: every operation visits the parts, every kind of
/// buffer in it has a valid base address, and nothing is left when it goes. Derive it for the backend together with others.
/// </summary>
public abstract class CompositeSuite : CompositionSuite
{
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
                    Assert.Equal((part, offset), Space.Resolve(part.BaseAddress + offset));
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
            var slack = composite.Parts.Aggregate((nuint)0, (sum, part) => sum + part.Type.BaseAlignment + nuint.Max(part.Type.BaseAlignment, nuint.Max(part.Type.TensorAlignment, Space.PageSize)));
            Assert.True(composite.Range.Length <= composite.Parts.Aggregate((nuint)0, (sum, part) => sum + part.Length) + slack, "The composite is larger than its parts explain.");
        }
    }

    /// <summary>Tensors written and read by the composite, by a view or by their part, in any mixture, cleared one by one or all together: always what was written last (llama.cpp #22197).</summary>
    [Fact]
    public void Every_operation_reaches_the_right_part()
    {
        var random = NewRandom();
        var rounds = CasesOf(8);
        for (var round = 0; round < rounds; round++)
        {
            using var composite = Compose(Lengths(random, withEmpty: true));
            var mirror = new CompositeMirror(composite, random);
            for (var i = 0; i < 150; i++) mirror.Operate($"Round {round}, operation {i}");
            mirror.ExpectContent("After all operations");
            mirror.Clear();
            mirror.ExpectContent("After clearing the composite");
        }
    }

    /// <summary>A tensor never lies in two parts, between parts, or behind the last: refused before anything is touched.</summary>
    [Fact]
    public void Tensor_in_two_parts_is_refused()
    {
        var random = NewRandom();
        using var composite = Compose([.. Types.Select(type => (type, (nuint)4096))]);
        var mirror = new CompositeMirror(composite, random);
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
        mirror.ExpectContent("After refused calls");
    }

    /// <summary>What a plugin receives names one of its physical buffers, never the composite or a view of it (llama.cpp #22197).</summary>
    [Fact]
    public void Resolved_tensor_names_a_physical_buffer()
    {
        var random = NewRandom();
        using var composite = Compose(Lengths(random, withEmpty: true));
        foreach (var tensor in new CompositeMirror(composite, random).Tensors)
        {
            var (part, offset, spec) = (tensor.Buffer, tensor.Offset, tensor.Spec);
            var direct = composite.Resolve(new TensorRef(composite, part.Range.Start - composite.Range.Start + offset, spec));
            Assert.Same(part, direct.Buffer);
            Assert.Equal(offset, direct.Offset);
            using var view = new BufferView(composite, part.Range.Start - composite.Range.Start, part.Length);
            Assert.Same(part, view.Resolve(new TensorRef(view, offset, spec)).Buffer);
            Assert.Equal((part, offset), Space.Resolve(direct.Address));
        }
    }

    /// <summary>Views over a part, over several parts, over views, and over nothing: base address inside the root, operations as on the root.</summary>
    [Fact]
    public void Views_lie_in_their_root()
    {
        var random = NewRandom();
        var rounds = CasesOf(30);
        for (var round = 0; round < rounds; round++)
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
        var allocator = new BufferAllocator(Space);
        var layout = Enumerable.Range(0, 6).SelectMany(_ => Types.Select(type => (type, nuint.Min(40_000, allocator.LargestAllocation(type))))).ToList();
        using var composite = Compose(layout);
        var locks = new List<RangeLock>();
        try
        {
            nuint expected = 0;
            foreach (var part in composite.Parts.OrderBy(_ => random.Next()).Where(part => part.TryGetPointer(out _)))
            {
                if (!Space.Locks.TryLock(part.Range, out var held, out var reason))
                {
                    Assert.False(string.IsNullOrWhiteSpace(reason), "A lock was refused without a reason.");
                    continue;
                }
                locks.Add(held!);
                expected += held!.Range.Length;
                Assert.True(held.Range.Contains(part.Range), "The lock does not cover its part.");
                Assert.Equal(expected, Space.Locks.LockedBytes);
            }
            foreach (var held in locks) Assert.Equal(held.Range.Length, Space.Locks.LockedIn(held.Range));
        }
        finally
        {
            foreach (var held in locks.OrderBy(_ => random.Next())) held.Dispose();
        }
        Assert.Equal((nuint)0, Space.Locks.LockedBytes);
    }

    /// <summary>A composite of which a part cannot be made holds nothing of the others.</summary>
    [Fact]
    public void Failed_part_leaves_nothing()
    {
        var before = Runs.Select(run => run.Host.OpenBytes).ToList();
        foreach (var type in Types)
        {
            var good = Types.Select(other => (other, (nuint)5000)).ToList();
            Assert.ThrowsAny<BackendException>(() => Compose([.. good, (UnreachableBufferType.Instance, 4096)]).Dispose());
            if (type.MaxLength < nuint.MaxValue / 4) Expect.Fault(FaultKind.TooLarge, $"A part of {type.Name} above its largest allocation", () => Compose([.. good, (type, type.MaxLength + 1)]).Dispose());
            Assert.Equal(default, Space.Usage);
            Assert.Equal(before, Runs.Select(run => run.Host.OpenBytes));
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
                    var device = Runs.SelectMany(run => run.Backend.Devices).First(device => device.BufferTypes.Contains(to.Type));
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
        Assert.Equal(default, Space.Usage);
    }

    /// <summary>The random numbers of a test.</summary>
    protected Random NewRandom([System.Runtime.CompilerServices.CallerMemberName] string test = "") => TestSeed.For(test);

    private MultiBuffer Compose(IReadOnlyList<(IBufferType Type, nuint Length)> parts, BufferUsage usage = BufferUsage.Weights)
        => new BufferAllocator(Space).AllocateComposite(parts, usage);

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

    private static void ExpectContent(TensorRef tensor, ReadOnlySpan<byte> expected, string what)
    {
        var read = new byte[tensor.Spec.ByteLength];
        tensor.Buffer.Read(tensor, 0, read);
        Expect.SameBytes($"{what}: {tensor.Spec} in {tensor.Buffer.Type.Name}", expected, read);
    }
}
