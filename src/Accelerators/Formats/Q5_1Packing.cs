using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.Formats;

/// <summary>Codes: nibbles, 2·U words, then fifth bits, a word per block of two units. Scales: a word per block, scale and minimum as halves.</summary>
internal sealed class Q5_1Packing() : PlanePacking(TensorType.Q5_1)
{
    private const int BlockBytes = 24;

    protected override long Words(long units) => 3 * units;

    protected override void Pack(ReadOnlySpan<byte> blocks, Span<uint> words, int units)
    {
        var count = units / 2;
        for (var b = 0; b < count; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            words[2 * units + count + b] = CodePlanes.Word(block, 0);
            words[2 * units + b] = CodePlanes.PackBits(CodePlanes.Word(block, 1));
            CodePlanes.PackNibbles(block[8..], words, units, 2 * b, 2 * b + 1);
        }
    }

    protected override void Unpack(ReadOnlySpan<uint> words, Span<byte> blocks, int units)
    {
        var count = units / 2;
        for (var b = 0; b < count; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            CodePlanes.SetWord(block, 0, words[2 * units + count + b]);
            CodePlanes.SetWord(block, 1, CodePlanes.UnpackBits(words[2 * units + b]));
            CodePlanes.UnpackNibbles(words, block[8..], units, 2 * b, 2 * b + 1);
        }
    }
}
