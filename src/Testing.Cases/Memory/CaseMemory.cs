using Hotplug.Abstractions.Memory;
using Hotplug.Testing.Data;

namespace Hotplug.Testing.Memory;

/// <summary>The buffers of a few cases on a device that somebody else opened. Not for several threads. Disposing gives them back, last first.</summary>
public sealed class CaseMemory : ITestMemory, IDisposable
{
    private readonly List<TestBuffer> _buffers = [];
    private readonly List<string> _violations = [];

    /// <inheritdoc/>
    public TestBuffer Allocate(IBufferType type, nuint length, BufferUsage usage = BufferUsage.Any, HostAccess access = HostAccess.ReadWrite, ReadOnlySpan<byte> content = default)
    {
        var buffer = new TestBuffer(type, length, usage, access, content, _violations.Add);
        _buffers.Add(buffer);
        return buffer;
    }

    /// <summary>Disposes all buffers, and says if memory around them was damaged.</summary>
    /// <exception cref="ExpectationException">The device wrote where it must not.</exception>
    public void Release()
    {
        for (var i = _buffers.Count - 1; i >= 0; i--) _buffers[i].Dispose();
        _buffers.Clear();
        if (_violations.Count == 0) return;
        var said = string.Join(" ", _violations.Distinct());
        _violations.Clear();
        throw new ExpectationException(said);
    }

    /// <summary>Disposes all buffers, come what may.</summary>
    public void Dispose()
    {
        foreach (var buffer in Enumerable.Reverse(_buffers))
            try
            {
                buffer.Dispose();
            }
            // A device that is lost may refuse; what can be given back is.
            catch (Exception)
            {
            }
        _buffers.Clear();
    }
}
