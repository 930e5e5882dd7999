using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.Formats;

/// <summary>Codes: nibbles, 2·U words. Scales: four words per block of sixteen units.</summary>
internal sealed class Q4_KPacking() : PlanePacking(TensorType.Q4_K)
{
    private const int BlockBytes = 144, Codes = 16;

    protected override long Words(long units) => 2 * units + units / 16 * SuperBlockScales.Words;

    protected override void Pack(ReadOnlySpan<byte> blocks, Span<uint> words, int units)
    {
        for (var b = 0; b < units / 16; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            SuperBlockScales.Pack(block, words[(2 * units + b * SuperBlockScales.Words)..]);
            // Sixteen bytes hold a unit of an even group and, two units on, one of the odd group.
            for (var i = 0; i < 8; i++)
            {
                var unit = 16 * b + i / 2 * 4 + i % 2;
                CodePlanes.PackNibbles(block[(Codes + 16 * i)..], words, units, unit, unit + 2);
            }
        }
    }

    protected override void Unpack(ReadOnlySpan<uint> words, Span<byte> blocks, int units)
    {
        for (var b = 0; b < units / 16; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            SuperBlockScales.Unpack(words[(2 * units + b * SuperBlockScales.Words)..], block);
            for (var i = 0; i < 8; i++)
            {
                var unit = 16 * b + i / 2 * 4 + i % 2;
                CodePlanes.UnpackNibbles(words, block[(Codes + 16 * i)..], units, unit, unit + 2);
            }
        }
    }
}
