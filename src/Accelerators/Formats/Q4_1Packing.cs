using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.Formats;

/// <summary>Codes: nibbles, 2·U words. Scales: a word per block of two units, scale and minimum as halves.</summary>
internal sealed class Q4_1Packing() : PlanePacking(TensorType.Q4_1)
{
    private const int BlockBytes = 20;

    protected override long Words(long units) => 2 * units + units / 2;

    protected override void Pack(ReadOnlySpan<byte> blocks, Span<uint> words, int units)
    {
        for (var b = 0; b < units / 2; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            words[2 * units + b] = CodePlanes.Word(block, 0);
            CodePlanes.PackNibbles(block[4..], words, units, 2 * b, 2 * b + 1);
        }
    }

    protected override void Unpack(ReadOnlySpan<uint> words, Span<byte> blocks, int units)
    {
        for (var b = 0; b < units / 2; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            CodePlanes.SetWord(block, 0, words[2 * units + b]);
            CodePlanes.UnpackNibbles(words, block[4..], units, 2 * b, 2 * b + 1);
        }
    }
}
