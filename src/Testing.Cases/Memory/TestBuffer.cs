using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Testing.Memory;

/// <summary>
/// A buffer of the backend under test on guarded memory. For a type that the host does not see the memory stands at the buffer's addresses all the
/// same, poisoned, so that a plugin that takes an address for memory is found out. Made by an <see cref="ITestMemory"/>.
/// </summary>
public sealed class TestBuffer : IDisposable
{
    private readonly Action<string> _report;
    private bool _disposed;

    internal TestBuffer(IBufferType type, nuint length, BufferUsage usage, HostAccess access, ReadOnlySpan<byte> content, Action<string> report)
    {
        _report = report;
        Memory = new GuardedMemory(length == 0 ? type.BaseAlignment : length, type.BaseAlignment);
        try
        {
            content.CopyTo(Memory.Bytes);
            Request = new BufferRequest
            {
                Range = Memory.Range,
                Length = length,
                Backing = type.Traits.HostVisible ? new HostMemory((nint)Memory.Start, Memory.Length, access) : null,
                Usage = usage,
            };
            Buffer = type.Allocate(Request) ?? throw new InvalidOperationException($"{type.Name}.Allocate returned null.");
        }
        catch
        {
            Memory.Dispose();
            throw;
        }
    }

    /// <summary>The buffer.</summary>
    public IBuffer Buffer { get; }

    /// <summary>What was asked.</summary>
    public BufferRequest Request { get; }

    /// <summary>What stands at its addresses.</summary>
    public GuardedMemory Memory { get; }

    /// <summary>A tensor in the buffer.</summary>
    public TensorRef At(nuint offset, TensorSpec spec) => new(Buffer, offset, spec);

    /// <summary>Disposes the buffer, then reports damaged guards and writes to addresses that are no memory.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Buffer.Dispose();
        if (Memory.FindDamage() is { } damage)
            _report($"Buffer {Buffer.Type.Name} of {Request.Length} bytes: {damage}.");
        if (!Buffer.Type.Traits.HostVisible && Memory.FindWrite() is { } write)
            _report($"Buffer {Buffer.Type.Name} is not host-visible, yet its addresses were used as memory: {write}.");
        Memory.Dispose();
    }
}
