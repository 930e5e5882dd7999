using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.Formats;

/// <summary>Codes: nibbles, 2·U words, then fifth bits, a word per group of two units. Scales: four words per block of sixteen units.</summary>
internal sealed class Q5_KPacking() : PlanePacking(TensorType.Q5_K)
{
    private const int BlockBytes = 176, High = 16, Codes = 48;

    protected override long Words(long units) => 2 * units + units / 2 + units / 16 * SuperBlockScales.Words;

    protected override void Pack(ReadOnlySpan<byte> blocks, Span<uint> words, int units)
    {
        for (var b = 0; b < units / 16; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            SuperBlockScales.Pack(block, words[(2 * units + units / 2 + b * SuperBlockScales.Words)..]);
            for (var i = 0; i < 8; i++)
            {
                var unit = 16 * b + i / 2 * 4 + i % 2;
                words[2 * units + 8 * b + i] = CodePlanes.PackBits(block[High..], i);
                CodePlanes.PackNibbles(block[(Codes + 16 * i)..], words, units, unit, unit + 2);
            }
        }
    }

    protected override void Unpack(ReadOnlySpan<uint> words, Span<byte> blocks, int units)
    {
        for (var b = 0; b < units / 16; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            SuperBlockScales.Unpack(words[(2 * units + units / 2 + b * SuperBlockScales.Words)..], block);
            CodePlanes.UnpackBits(words[(2 * units + 8 * b)..], block[High..]);
            for (var i = 0; i < 8; i++)
            {
                var unit = 16 * b + i / 2 * 4 + i % 2;
                CodePlanes.UnpackNibbles(words, block[(Codes + 16 * i)..], units, unit, unit + 2);
            }
        }
    }
}
