using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;
using Hotplug.Metal.Interop.Objects;

namespace Hotplug.Metal.Drivers;

/// <summary>Host memory that copies to and from private memory go through, seen by the device. Lives on the device's thread.</summary>
internal sealed unsafe class Staging : IDisposable
{
    private const long LeastBytes = 1 << 20;

    private readonly IHostAllocation _memory;

    /// <param name="host">Lends the memory.</param>
    /// <param name="device">Sees it.</param>
    /// <param name="bytes">Bytes that it has at least.</param>
    public Staging(IPluginHost host, MetalDevice device, long bytes)
    {
        var page = (long)device.Runtime.PageSize;
        Length = checked((int)((Math.Max(LeastBytes, bytes) + page - 1) / page * page));
        _memory = host.Allocate((nuint)Length, (nuint)page);
        try
        {
            Buffer = device.WrapMemory((void*)_memory.Pointer, (ulong)Length) ?? throw new OutOfDeviceMemoryException(device.Name, (nuint)Length);
        }
        catch
        {
            _memory.Dispose();
            throw;
        }
    }

    /// <summary>Bytes; whole pages.</summary>
    public int Length { get; }

    /// <summary>The memory as the device sees it.</summary>
    public MetalBuffer Buffer { get; }

    /// <summary>The memory.</summary>
    public Span<byte> Bytes => new((void*)_memory.Pointer, Length);

    public void Dispose()
    {
        Buffer.Dispose();
        _memory.Dispose();
    }
}
