using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.Formats;

/// <summary>Codes: nibbles, 2·U words. Scales: a half per block of two units.</summary>
internal sealed class Q4_0Packing() : PlanePacking(TensorType.Q4_0)
{
    private const int BlockBytes = 18;

    protected override long Words(long units) => 2 * units + (units / 2 + 1) / 2;

    protected override void Pack(ReadOnlySpan<byte> blocks, Span<uint> words, int units)
    {
        var scales = Halves(words, 2 * units);
        for (var b = 0; b < units / 2; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            scales[b] = BinaryPrimitives.ReadUInt16LittleEndian(block);
            CodePlanes.PackNibbles(block[2..], words, units, 2 * b, 2 * b + 1);
        }
    }

    protected override void Unpack(ReadOnlySpan<uint> words, Span<byte> blocks, int units)
    {
        var scales = Halves(words, 2 * units);
        for (var b = 0; b < units / 2; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(block, scales[b]);
            CodePlanes.UnpackNibbles(words, block[2..], units, 2 * b, 2 * b + 1);
        }
    }
}
