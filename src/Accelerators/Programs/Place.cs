namespace Hotplug.Accelerators.Programs;

/// <summary>Where a program finds bytes: in a root that is bound in every step, at an offset.</summary>
/// <param name="Root">Which kind of root.</param>
/// <param name="Index">Which one of its kind.</param>
/// <param name="Offset">Bytes behind its start.</param>
/// <param name="Length">Bytes at the bounds of the slice.</param>
public readonly record struct Place(PlaceRoot Root, int Index, long Offset, long Length)
{
    /// <summary>The place <paramref name="bytes"/> further on.</summary>
    public Place Plus(long bytes, long length) => this with { Offset = Offset + bytes, Length = length };
}
