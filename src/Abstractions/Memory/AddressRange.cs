namespace Hotplug.Abstractions.Memory;

/// <summary>A half-open range of addresses, <c>[Start, End)</c>, in bytes. An identity: nothing says that the CPU may touch it.</summary>
public readonly record struct AddressRange
{
    /// <summary>Creates the range of <paramref name="length"/> bytes at <paramref name="start"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range wraps around the end of the address space.</exception>
    public AddressRange(nuint start, nuint length)
    {
        if (length > nuint.MaxValue - start)
            throw new ArgumentOutOfRangeException(nameof(length), length, $"A range of {length} bytes at 0x{start:x} wraps around.");
        (Start, Length) = (start, length);
    }

    /// <summary>First address.</summary>
    public nuint Start { get; }

    /// <summary>Bytes.</summary>
    public nuint Length { get; }

    /// <summary>First address behind the range.</summary>
    public nuint End => Start + Length;

    /// <summary>True if <paramref name="address"/> lies in the range.</summary>
    public bool Contains(nuint address) => address - Start < Length;

    /// <summary>True if all of <paramref name="other"/> lies in the range; an empty one may stand at its end.</summary>
    public bool Contains(AddressRange other) => other.Start >= Start && other.End <= End;

    /// <summary>True if the ranges share a byte.</summary>
    public bool Overlaps(AddressRange other) => Start < other.End && other.Start < End && Length != 0 && other.Length != 0;

    /// <summary>The <paramref name="length"/> bytes at <paramref name="offset"/> within the range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They do not lie in the range.</exception>
    public AddressRange Slice(nuint offset, nuint length)
    {
        if (offset > Length || length > Length - offset)
            throw new ArgumentOutOfRangeException(nameof(offset), $"{length} bytes at {offset} do not lie in a range of {Length} bytes.");
        return new AddressRange(Start + offset, length);
    }

    /// <inheritdoc/>
    public override string ToString() => $"0x{Start:x}+{Length}";
}
