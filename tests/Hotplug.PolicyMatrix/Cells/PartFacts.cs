namespace Hotplug.PolicyMatrix.Cells;

/// <summary>A part as the product addresses it.</summary>
/// <param name="Device">Its device.</param>
/// <param name="BufferType">Its type.</param>
/// <param name="Backing">What stands behind it, by plan.</param>
/// <param name="Start">Base address.</param>
/// <param name="Length">Bytes of the range.</param>
/// <param name="Alignment">Alignment that the type asks.</param>
/// <param name="FileOffset">First byte of the file mapped there.</param>
/// <param name="Pointer">What the buffer hands out as memory, 0 if nothing.</param>
public sealed record PartFacts(string Device, string BufferType, string Backing, ulong Start, ulong Length, ulong Alignment, long FileOffset, ulong Pointer);
