using System.Runtime.InteropServices;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Testing.Memory;

/// <summary>
/// Host memory between two guard zones, everything filled with <see cref="Poison"/>: who reads what he did not write reads NaNs, who writes beyond
/// the end is found out. Owned by who made it.
/// </summary>
public sealed unsafe class GuardedMemory : IDisposable
{
    /// <summary>The byte of poisoned memory: F32, F16, BF16 and F64 elements of it are NaN.</summary>
    public const byte Poison = 0xFF;

    private const int Guard = 512;
    private void* _block;

    /// <summary>Allocates.</summary>
    /// <param name="length">Bytes between the guards; may be 0.</param>
    /// <param name="alignment">A power of two.</param>
    public GuardedMemory(nuint length, nuint alignment)
    {
        alignment = nuint.Max(alignment, 64);
        var total = checked(length + 2 * Guard + alignment);
        _block = NativeMemory.Alloc(total);
        // The first guard, then the next aligned address: start + length + Guard ≤ block + total.
        var start = ((nuint)_block + Guard + alignment - 1) & ~(alignment - 1);
        (Start, Length) = (start, length);
        new Span<byte>((void*)(start - Guard), Guard).Fill(Poison);
        NativeMemory.Fill((void*)start, length, Poison);
        new Span<byte>((void*)(start + length), Guard).Fill(Poison);
    }

    /// <summary>Address of the first byte.</summary>
    public nuint Start { get; }

    /// <summary>Bytes.</summary>
    public nuint Length { get; }

    /// <summary>The addresses.</summary>
    public AddressRange Range => new(Start, Length);

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public Span<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_block is null, this);
            return new Span<byte>((void*)Start, checked((int)Length));
        }
    }

    /// <summary>Says where a guard was overwritten, or null.</summary>
    public string? FindDamage()
    {
        ObjectDisposedException.ThrowIf(_block is null, this);
        var before = new ReadOnlySpan<byte>((void*)(Start - Guard), Guard).LastIndexOfAnyExcept(Poison);
        if (before >= 0) return $"a byte {Guard - before} before the start was written";
        var behind = new ReadOnlySpan<byte>((void*)(Start + Length), Guard).IndexOfAnyExcept(Poison);
        return behind >= 0 ? $"a byte {behind} behind the end was written" : null;
    }

    /// <summary>Says where the memory itself is no longer poisoned, or null.</summary>
    public string? FindWrite()
    {
        var at = Bytes.IndexOfAnyExcept(Poison);
        return at < 0 ? null : $"byte {at} of {Length} was written";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_block);
        _block = null;
    }
}
