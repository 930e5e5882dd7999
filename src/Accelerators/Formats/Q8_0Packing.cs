using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.Formats;

/// <summary>Codes: 4·U words, word j of a unit elements 4j to 4j + 3. Scales: a half per block of two units.</summary>
internal sealed class Q8_0Packing() : PlanePacking(TensorType.Q8_0)
{
    private const int BlockBytes = 34;

    protected override long Words(long units) => 4 * units + (units / 2 + 1) / 2;

    protected override void Pack(ReadOnlySpan<byte> blocks, Span<uint> words, int units)
    {
        var scales = Halves(words, 4 * units);
        for (var b = 0; b < units / 2; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            scales[b] = BinaryPrimitives.ReadUInt16LittleEndian(block);
            for (var j = 0; j < 8; j++) words[j % 4 * units + 2 * b + j / 4] = CodePlanes.Word(block[2..], j);
        }
    }

    protected override void Unpack(ReadOnlySpan<uint> words, Span<byte> blocks, int units)
    {
        var scales = Halves(words, 4 * units);
        for (var b = 0; b < units / 2; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(block, scales[b]);
            for (var j = 0; j < 8; j++) CodePlanes.SetWord(block[2..], j, words[j % 4 * units + 2 * b + j / 4]);
        }
    }
}
