using CsCheck;
using Hotplug.Accelerators.Programs;
using Xunit;

namespace Hotplug.GpuTests.Accelerators;

public sealed class WorkspacePackerTests
{
    private const long Largest = 20 << 10;

    private static readonly Gen<(long Bytes, int First, int Last)> Life = Gen.Select(Gen.Long[0, Largest], Gen.Int[0, 20], Gen.Int[0, 20], (bytes, a, b) => (bytes, Math.Min(a, b), Math.Max(a, b)));

    [Fact]
    public void Items_that_live_together_share_no_bytes_and_no_block_is_too_large()
        => Life.Array[1, 40].Sample(lives =>
        {
            var packer = new WorkspacePacker(Largest);
            var items = lives.Select(life => packer.Add(life.Bytes, life.First, life.Last)).ToList();
            packer.Pack();
            Assert.All(packer.Blocks, block => Assert.True(block <= (nuint)Largest, $"A block of {block} bytes."));
            for (var i = 0; i < items.Count; i++)
            {
                var item = items[i];
                Assert.True(item.Bytes >= lives[i].Bytes && item.Offset % WorkspacePacker.Alignment == 0 && item.Offset >= 0);
                Assert.True(item.Bytes == 0 || (nuint)(item.Offset + item.Bytes) <= packer.Blocks[item.Block], $"Item {i} at {item.Offset}, of {item.Bytes} bytes, ends behind block {item.Block}.");
                foreach (var other in items.Take(i).Where(o => o.Block == item.Block && o.First <= item.Last && item.First <= o.Last))
                    Assert.True(item.Offset + item.Bytes <= other.Offset || other.Offset + other.Bytes <= item.Offset, $"Two items at {item.Offset} and {other.Offset} share bytes while both live.");
            }
        });

    [Fact]
    public void Lives_that_do_not_overlap_share_a_place()
    {
        var packer = new WorkspacePacker(Largest);
        var items = Enumerable.Range(0, 50).Select(i => packer.Add(4096, i, i)).ToList();
        packer.Pack();
        Assert.Equal([(nuint)4096], packer.Blocks);
        Assert.All(items, item => Assert.Equal((0, 0L), (item.Block, item.Offset)));
    }

    [Fact]
    public void Life_may_be_prolonged_before_packing()
    {
        var packer = new WorkspacePacker(Largest);
        var (first, second) = (packer.Add(256, 0, 0), packer.Add(256, 1, 1));
        first.Last = 1;
        packer.Pack();
        Assert.NotEqual(first.Offset, second.Offset);
    }

    [Fact]
    public void What_does_not_fit_goes_to_a_further_block()
    {
        var packer = new WorkspacePacker(1024);
        for (var i = 0; i < 7; i++) packer.Add(512, 0, 9);
        packer.Pack();
        Assert.Equal([1024u, 1024u, 1024u, 512u], packer.Blocks);
    }
}
