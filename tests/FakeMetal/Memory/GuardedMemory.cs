using System.Runtime.InteropServices;

namespace Hotplug.Metal.Fake.Memory;

/// <summary>
/// Memory of a buffer with bytes of a known value on both sides, so that a write beside it is found. Starts at a page and is filled with ones, which as
/// a number is not one: nothing computes a good result from memory it did not write.
/// </summary>
internal sealed unsafe class GuardedMemory : IDisposable
{
    private const int Guard = 256;
    private const byte Mark = 0x5c;
    private byte* _block;

    /// <summary>Allocates.</summary>
    public GuardedMemory(ulong length, int pageSize)
    {
        Length = length;
        // The guard before lies at the end of a page of its own.
        _block = (byte*)NativeMemory.AlignedAlloc((nuint)pageSize + (nuint)length + Guard, (nuint)pageSize);
        Start = (nint)(_block + pageSize);
        new Span<byte>((byte*)Start - Guard, Guard).Fill(Mark);
        new Span<byte>((byte*)Start + length, Guard).Fill(Mark);
        NativeMemory.Fill((void*)Start, (nuint)length, 0xff);
    }

    /// <summary>The first byte.</summary>
    public nint Start { get; }

    /// <summary>Bytes.</summary>
    public ulong Length { get; }

    /// <summary>Whether nothing was written beside it.</summary>
    public bool IsIntact =>
        !new ReadOnlySpan<byte>((byte*)Start - Guard, Guard).ContainsAnyExcept(Mark) &&
        !new ReadOnlySpan<byte>((byte*)Start + Length, Guard).ContainsAnyExcept(Mark);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_block is null) return;
        NativeMemory.AlignedFree(_block);
        _block = null;
    }
}
