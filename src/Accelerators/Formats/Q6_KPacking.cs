using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.Formats;

/// <summary>
/// Codes: nibbles, 2·U words, then high bit pairs, a word per unit. Scales: a byte per unit, unit u in byte u mod 4 of word u / 4, then a half per
/// block of sixteen units.
/// </summary>
internal sealed class Q6_KPacking() : PlanePacking(TensorType.Q6_K)
{
    private const int BlockBytes = 210, High = 128, Scales = 192, Factor = 208;

    protected override long Words(long units) => 3 * units + units / 4 + (units / 16 + 1) / 2;

    protected override void Pack(ReadOnlySpan<byte> blocks, Span<uint> words, int units)
    {
        var scales = MemoryMarshal.AsBytes(words[(3 * units)..]);
        var factors = Halves(words, 3 * units + units / 4);
        for (var b = 0; b < units / 16; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            factors[b] = BinaryPrimitives.ReadUInt16LittleEndian(block[Factor..]);
            block.Slice(Scales, 16).CopyTo(scales[(16 * b)..]);
            for (var i = 0; i < 8; i++)
            {
                // Sixteen bytes of low nibbles hold a unit of quarter 0 or 1 of their half and, four units on, one of quarter 2 or 3.
                var unit = 16 * b + i / 4 * 8 + i % 4;
                CodePlanes.PackNibbles(block[(16 * i)..], words, units, unit, unit + 4);
            }
            for (var u = 0; u < 16; u++)
                words[2 * units + 16 * b + u] = CodePlanes.PackPairs(block[(High + u / 8 * 32 + u % 2 * 16)..], u % 8 / 2);
        }
    }

    protected override void Unpack(ReadOnlySpan<uint> words, Span<byte> blocks, int units)
    {
        var scales = MemoryMarshal.AsBytes(words[(3 * units)..]);
        var factors = Halves(words, 3 * units + units / 4);
        for (var b = 0; b < units / 16; b++)
        {
            var block = blocks.Slice(b * BlockBytes, BlockBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(block[Factor..], factors[b]);
            scales.Slice(16 * b, 16).CopyTo(block[Scales..]);
            for (var i = 0; i < 8; i++)
            {
                var unit = 16 * b + i / 4 * 8 + i % 4;
                CodePlanes.UnpackNibbles(words, block[(16 * i)..], units, unit, unit + 4);
            }
            for (var i = 0; i < 4; i++)
                CodePlanes.UnpackPairs(words[(2 * units + 16 * b + i / 2 * 8 + i % 2)..], 2, block[(High + 16 * i)..]);
        }
    }
}
