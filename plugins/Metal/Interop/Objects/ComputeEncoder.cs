using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Interop.Objects;

/// <summary>
/// Records kernels. Belongs to the thread and the autorelease pool it was opened in; disposing ends it. What was set stays set for the dispatches
/// that follow.
/// </summary>
internal unsafe ref struct ComputeEncoder
{
    /// <summary>Bytes that can be set inline.</summary>
    public const int MaxInlineBytes = 4096;

    private readonly MetalCommandBuffer _owner;
    private readonly ObjectiveC _runtime;
    private nint _encoder;

    internal ComputeEncoder(MetalCommandBuffer owner, nint encoder)
    {
        _owner = owner;
        _runtime = owner.Runtime;
        _encoder = encoder;
    }

    /// <summary>The encoder, to be asked about itself.</summary>
    public readonly nint Handle => _encoder;

    /// <summary>Chooses the kernel.</summary>
    public readonly void SetPipeline(MetalPipeline pipeline) => _runtime.Send.VoidId(_encoder, _runtime[Message.ComputeSetPipeline], pipeline.Handle);

    /// <summary>Binds a buffer from an offset in bytes, which lies inside of it.</summary>
    public readonly void SetBuffer(int index, MetalBuffer buffer, ulong offset) =>
        _runtime.Send.VoidIdUInt64UInt64(_encoder, _runtime[Message.ComputeSetBuffer], buffer.Handle, offset, (ulong)index);

    /// <summary>Moves the offset of a buffer that is bound.</summary>
    public readonly void SetBufferOffset(int index, ulong offset) =>
        _runtime.Send.VoidUInt64UInt64(_encoder, _runtime[Message.ComputeSetBufferOffset], offset, (ulong)index);

    /// <summary>Binds a copy of a small value.</summary>
    /// <exception cref="ArgumentException">It has more than <see cref="MaxInlineBytes"/> bytes.</exception>
    public readonly void SetBytes<T>(int index, in T value) where T : unmanaged
    {
        fixed (T* pointer = &value) SetBytes(index, new ReadOnlySpan<byte>(pointer, sizeof(T)));
    }

    /// <summary>Binds a copy of some bytes.</summary>
    /// <exception cref="ArgumentException">There are none, or more than <see cref="MaxInlineBytes"/>.</exception>
    public readonly void SetBytes(int index, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > MaxInlineBytes)
            throw new ArgumentException($"{bytes.Length} bytes cannot be set inline; 1 to {MaxInlineBytes} can. Use a buffer.", nameof(bytes));
        fixed (byte* pointer = bytes)
            _runtime.Send.VoidPointerUInt64UInt64(_encoder, _runtime[Message.ComputeSetBytes], pointer, (ulong)bytes.Length, (ulong)index);
    }

    /// <summary>Gives every threadgroup memory at an index.</summary>
    /// <param name="index">N of <c>[[threadgroup(N)]]</c>.</param>
    /// <param name="length">Bytes, a multiple of 16.</param>
    /// <exception cref="ArgumentException">The length is no multiple of 16.</exception>
    public readonly void SetThreadgroupMemory(int index, ulong length)
    {
        if (length % 16 != 0) throw new ArgumentException($"{length} bytes of threadgroup memory are no multiple of 16.", nameof(length));
        _runtime.Send.VoidUInt64UInt64(_encoder, _runtime[Message.ComputeSetThreadgroupMemoryLength], length, (ulong)index);
    }

    /// <summary>Runs the kernel with what is set.</summary>
    /// <exception cref="ArgumentException">A size is zero.</exception>
    public readonly void Dispatch(MTLSize threadgroups, MTLSize threadsPerThreadgroup)
    {
        if (IsEmpty(threadgroups) || IsEmpty(threadsPerThreadgroup))
            throw new ArgumentException($"A dispatch of {threadgroups} threadgroups of {threadsPerThreadgroup} threads is empty: leave it out.");
        _runtime.Send.VoidSizeSize(_encoder, _runtime[Message.ComputeDispatchThreadgroups], threadgroups, threadsPerThreadgroup);
    }

    /// <summary>What follows sees the buffers as everything before has left them.</summary>
    public readonly void Barrier() =>
        _runtime.Send.VoidUInt64(_encoder, _runtime[Message.ComputeMemoryBarrierWithScope], (ulong)MTLBarrierScope.Buffers);

    /// <summary>What follows sees these buffers as everything before has left them.</summary>
    public readonly void Barrier(params ReadOnlySpan<MetalBuffer> buffers)
    {
        if (buffers.IsEmpty) return;
        var handles = stackalloc nint[buffers.Length];
        for (var i = 0; i < buffers.Length; i++) handles[i] = buffers[i].Handle;
        _runtime.Send.VoidIdsUInt64(_encoder, _runtime[Message.ComputeMemoryBarrierWithResources], handles, (ulong)buffers.Length);
    }

    /// <summary>Ends the encoder; a second time does nothing.</summary>
    public void Dispose()
    {
        if (_encoder == 0) return;
        _owner.EndEncoding(_encoder);
        _encoder = 0;
    }

    private static bool IsEmpty(MTLSize size) => size.Width == 0 || size.Height == 0 || size.Depth == 0;
}
