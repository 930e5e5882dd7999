using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Interop.Objects;

/// <summary>Records copies between buffers. Belongs to the thread and the autorelease pool it was opened in; disposing ends it.</summary>
/// <remarks>On macOS offsets and lengths are multiples of <see cref="Alignment"/>. Metal ends the process over a copy that leaves its buffer.</remarks>
internal unsafe ref struct BlitEncoder
{
    /// <summary>What offsets and lengths are multiples of.</summary>
    public const int Alignment = 4;

    private readonly MetalCommandBuffer _owner;
    private readonly ObjectiveC _runtime;
    private nint _encoder;

    internal BlitEncoder(MetalCommandBuffer owner, nint encoder)
    {
        _owner = owner;
        _runtime = owner.Runtime;
        _encoder = encoder;
    }

    /// <summary>The encoder, to be asked about itself.</summary>
    public readonly nint Handle => _encoder;

    /// <summary>Copies bytes from one buffer to another, or to another place of the same that does not overlap.</summary>
    /// <exception cref="ArgumentException">An offset or the length is not aligned, or a range leaves its buffer.</exception>
    public readonly void Copy(MetalBuffer source, ulong sourceOffset, MetalBuffer destination, ulong destinationOffset, ulong length)
    {
        Check(source, sourceOffset, length);
        Check(destination, destinationOffset, length);
        if (length == 0) return;
        _runtime.Send.VoidIdUInt64IdUInt64UInt64(
            _encoder, _runtime[Message.BlitCopyBuffer], source.Handle, sourceOffset, destination.Handle, destinationOffset, length);
    }

    /// <summary>Fills a range with a byte.</summary>
    /// <exception cref="ArgumentException">The offset or the length is not aligned, or the range leaves the buffer.</exception>
    public readonly void Fill(MetalBuffer buffer, ulong offset, ulong length, byte value)
    {
        Check(buffer, offset, length);
        if (length == 0) return;
        _runtime.Send.VoidIdRangeByte(_encoder, _runtime[Message.BlitFillBuffer], buffer.Handle, new(offset, length), value);
    }

    /// <summary>Ends the encoder; a second time does nothing.</summary>
    public void Dispose()
    {
        if (_encoder == 0) return;
        _owner.EndEncoding(_encoder);
        _encoder = 0;
    }

    private static void Check(MetalBuffer buffer, ulong offset, ulong length)
    {
        if (offset % Alignment != 0 || length % Alignment != 0)
            throw new ArgumentException($"{length} bytes at {offset}: both must be multiples of {Alignment}. Stage the edges through memory the host sees.");
        var whole = buffer.Length;
        if (offset > whole || length > whole - offset) throw new ArgumentException($"{length} bytes at {offset} are not inside of a buffer of {whole} bytes.");
    }
}
