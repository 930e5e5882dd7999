using Hotplug.Abstractions.Tensors;

namespace Hotplug.FarMemory.Memory;

/// <summary>
/// The private layout: even rows first, then the odd ones; the bytes of a row from the last to the first; behind each row 1 to 16 bytes that nobody writes, and
/// 64 behind the tensor.
/// </summary>
internal sealed class InterleavedRows : RowLayout
{
    private const int Tail = 64;

    public override nuint Size(in TensorSpec tensor) => checked((nuint)(Pitch(tensor) * tensor.RowCount + Tail));

    public override void Write(Span<byte> memory, in TensorSpec tensor, long row, ReadOnlySpan<byte> bytes)
    {
        var place = memory.Slice(Place(tensor, row), bytes.Length);
        bytes.CopyTo(place);
        place.Reverse();
    }

    public override void Read(ReadOnlySpan<byte> memory, in TensorSpec tensor, long row, Span<byte> bytes)
    {
        memory.Slice(Place(tensor, row), bytes.Length).CopyTo(bytes);
        bytes.Reverse();
    }

    private static long Pitch(in TensorSpec tensor) => checked(tensor.RowBytes + 16) & ~15L;

    private static int Place(in TensorSpec tensor, long row)
    {
        var even = (tensor.RowCount + 1) / 2;
        return (int)(Pitch(tensor) * (row % 2 == 0 ? row / 2 : even + row / 2));
    }
}
