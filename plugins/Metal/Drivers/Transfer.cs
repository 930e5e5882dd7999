using Hotplug.Accelerators.Queues;
using Hotplug.Metal.Memory;

namespace Hotplug.Metal.Drivers;

/// <summary>A copy between the host and private memory as work for the device's thread. Used again, so that copying makes no objects.</summary>
internal sealed class Transfer : IDeviceCommand
{
    private PrivateBuffer? _buffer;
    private TransferDirection _direction;
    private long _at;
    private nint _memory;
    private int _length;

    /// <summary>Takes over what is to be copied.</summary>
    /// <param name="buffer">The private side.</param>
    /// <param name="direction">Which way.</param>
    /// <param name="at">Bytes from the start of the buffer.</param>
    /// <param name="memory">The host's side: pinned until the work is done.</param>
    /// <param name="length">Bytes.</param>
    public void Take(PrivateBuffer buffer, TransferDirection direction, long at, nint memory, int length)
        => (_buffer, _direction, _at, _memory, _length) = (buffer, direction, at, memory, length);

    public void Execute() => _buffer!.Move(_direction, _at, _memory, _length);

    public void Completed() => _buffer = null;
}
