using Hotplug.Abstractions.Memory;

namespace Hotplug.Testing.Memory;

/// <summary>Makes buffers of a backend on guarded, poisoned memory, and owns them.</summary>
public interface ITestMemory
{
    /// <summary>Makes a buffer. The caller may dispose it; its owner does at the latest.</summary>
    /// <param name="type">A type of the backend.</param>
    /// <param name="length">Bytes; 0 for an empty buffer.</param>
    /// <param name="usage">What it is for.</param>
    /// <param name="access">What a host-visible buffer may do with its memory.</param>
    /// <param name="content">What its memory holds beforehand, for host-visible types; the rest is poisoned.</param>
    TestBuffer Allocate(IBufferType type, nuint length, BufferUsage usage = BufferUsage.Any, HostAccess access = HostAccess.ReadWrite, ReadOnlySpan<byte> content = default);
}
