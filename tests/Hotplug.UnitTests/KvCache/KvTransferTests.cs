using CsCheck;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.KvCache;
using Xunit;

namespace Hotplug.UnitTests.KvCache;

/// <summary>Cells go from one cache to another in the neutral form.</summary>
public sealed class KvTransferTests
{
    private const int Layers = 4;

    // Page sizes of two devices, and which of them has each layer.
    private static readonly Gen<(int PageTokens, int[] Layers)[]> Split = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Gen.Bool.Array[Layers], (a, b, second) =>
        new[] { (1 << a, Enumerable.Range(0, Layers).Where(l => !second[l]).ToArray()), (1 << b, Enumerable.Range(0, Layers).Where(l => second[l]).ToArray()) }
            .Where(d => d.Item2.Length > 0).ToArray());

    [Fact]
    public void Cells_arrive_whatever_the_pages_and_however_layers_are_shared_out() => Gen.Select(Split, Split, Gen.Int[0, 60], Gen.Int).Sample(drawn =>
    {
        var (from, to, cells, seed) = drawn;
        using var source = new FakeKvCache(from);
        using var target = new FakeKvCache(to);
        using var sequence = source.Filled(cells, seed);
        using var copied = target.Cache.NewSequence();
        using var imported = target.Cache.NewSequence();
        KvTransfer.Copy(sequence, copied);
        KvSnapshot.Take(sequence).Restore(imported);
        using var streamed = target.Cache.NewSequence();
        using var stream = new MemoryStream();
        KvTransfer.Export(sequence, stream);
        stream.Position = 0;
        KvTransfer.Import(stream, sequence.Shape, streamed);
        return FakeKvCache.Holds(copied, cells, seed) && FakeKvCache.Holds(imported, cells, seed) && FakeKvCache.Holds(streamed, cells, seed) && FakeKvCache.Holds(sequence, cells, seed);
    }, iter: 60);

    [Fact]
    public void Other_types_and_other_layers_are_no_cells_of_these()
    {
        using var half = new FakeKvCache([(8, [0, 1])]);
        using var full = new FakeKvCache([(8, [0, 1])], type: TensorType.F32);
        using var fewer = new FakeKvCache([(8, [0])]);
        using var sequence = half.Filled(3, 1);
        Assert.Null(KvTransfer.WhyNot(sequence.Shape, half.Cache.Layers));
        Assert.Contains("F16, and the cache has F32", KvTransfer.WhyNot(sequence.Shape, full.Cache.Layers));
        Assert.Contains("2 layers, and the cache has 1", KvTransfer.WhyNot(sequence.Shape, fewer.Cache.Layers));
        using var target = full.Cache.NewSequence();
        Assert.Throws<KvMismatchException>(() => KvTransfer.Copy(sequence, target));
        Assert.Throws<KvMismatchException>(() => KvSnapshot.Take(sequence).Restore(target));
    }

    [Theory]
    [InlineData("Read")]
    [InlineData("Write")]
    public void A_fault_on_either_side_leaves_the_source_whole_and_the_destination_empty(string call)
    {
        using var source = new FakeKvCache([(4, [0, 1])]);
        using var target = new FakeKvCache([(8, [0, 1])]);
        using var sequence = source.Filled(21, 5);
        using var copied = target.Cache.NewSequence();
        var free = target.Cache.Devices[0].FreePages;
        var calls = 0;
        var failing = (call == "Read" ? source : target).Layouts[0];
        failing.OnCall = made =>
        {
            if (made == call && ++calls == 3) throw new DeviceLostException("gone");
        };
        Assert.Equal(FaultKind.DeviceLost, Assert.Throws<BackendFaultException>(() => KvTransfer.Copy(sequence, copied)).Kind);
        failing.OnCall = null;
        Assert.Equal((0, free), (copied.Length, target.Cache.Devices[0].FreePages));
        Assert.True(FakeKvCache.Holds(sequence, 21, 5));
        KvTransfer.Copy(sequence, copied);
        Assert.True(FakeKvCache.Holds(copied, 21, 5));
    }

    [Fact]
    public void Room_is_counted_in_the_pages_of_each_device()
    {
        using var cache = new FakeKvCache([(8, [0]), (2, [1])], pages: 10);
        Assert.Null(cache.Cache.WhyNoRoom([20]));
        Assert.Contains("device1 has 10 free pages of 2 tokens, and 11 are needed", cache.Cache.WhyNoRoom([21]));
        using var sequence = cache.Cache.NewSequence();
        sequence.Extend(9);
        Assert.Null(cache.Cache.WhyNoRoom([4, 5]));
        Assert.Contains("5 free pages", cache.Cache.WhyNoRoom([5, 6]));
        using var target = cache.Cache.NewSequence();
        Assert.Throws<KvCacheFullException>(() => target.Extend(12));
        Assert.Equal(0, target.Length);
    }
}
