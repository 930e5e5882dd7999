using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.Formats;

/// <summary>Codes: nibbles, 2·U words, then fifth bits, a word per block of two units. Scales: a half per block.</summary>
internal sealed class Q5_0Packing() : PlanePacking(TensorType.Q5_0)
{
    private const int BlockBytes = 22;

    protected override long Words(long units) => 2 * units + units / 2 + (units / 2 + 1) / 2;

    protected override void Pack(ReadOnlySpan<byte> blocks, Span<uint> words, int units)
    {
        var count = units / 2;
        var scales = Halves(words, 2 * units + count);
        for (var b = 0; b < count; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            scales[b] = BinaryPrimitives.ReadUInt16LittleEndian(block);
            words[2 * units + b] = CodePlanes.PackBits(CodePlanes.Word(block[2..], 0));
            CodePlanes.PackNibbles(block[6..], words, units, 2 * b, 2 * b + 1);
        }
    }

    protected override void Unpack(ReadOnlySpan<uint> words, Span<byte> blocks, int units)
    {
        var count = units / 2;
        var scales = Halves(words, 2 * units + count);
        for (var b = 0; b < count; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(block, scales[b]);
            CodePlanes.SetWord(block[2..], 0, CodePlanes.UnpackBits(words[2 * units + b]));
            CodePlanes.UnpackNibbles(words, block[6..], units, 2 * b, 2 * b + 1);
        }
    }
}
