using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Drivers;

/// <summary>A device's queue with all that hangs on it. Lives on the device's thread.</summary>
internal sealed class MetalDriver : IDisposable
{
    private readonly MetalQueue _queue;
    private readonly CompletionWatch _watch;

    // Used again once disposed, so that a step makes no objects; more than are ever in flight.
    private readonly MetalCommandBuffer?[] _commands = new MetalCommandBuffer?[4];

    /// <exception cref="Interop.MetalException">Metal gives no queue. Nothing is held.</exception>
    public MetalDriver(MetalDevice device, TimeProvider time)
    {
        Device = device;
        _queue = device.NewQueue();
        try
        {
            _watch = new CompletionWatch(device, time);
            Residency = new ResidencyKeeper(device, _queue);
        }
        catch
        {
            _watch?.Dispose();
            _queue.Dispose();
            throw;
        }
        Pipelines = new PipelineCache(device);
    }

    public MetalDevice Device { get; }

    public PipelineCache Pipelines { get; }

    public ResidencyKeeper Residency { get; }

    /// <summary>Whether work that was given up has not ended: the device may still touch memory that it was given.</summary>
    public bool IsStuck => _watch.IsStuck;

    /// <summary>A command buffer, owned by the caller.</summary>
    public MetalCommandBuffer NewCommandBuffer()
    {
        foreach (ref var known in _commands.AsSpan())
            if (known is null or { IsDisposed: true }) return known = _queue.NewCommandBuffer(ended: known);
        return _queue.NewCommandBuffer();
    }

    /// <summary>Hands over what was recorded. Gives the ticket to wait for it with.</summary>
    public ulong Start(MetalCommandBuffer commands) => _watch.Start(commands);

    /// <summary>Waits for what was handed over.</summary>
    /// <exception cref="CommandBufferException">It failed.</exception>
    /// <exception cref="Abstractions.Faults.DeviceLostException">It did not end in time and is given up, with the device.</exception>
    public void Wait(MetalCommandBuffer commands, ulong ticket) => _watch.Wait(commands, ticket);

    /// <summary>Hands over what was recorded and waits for it.</summary>
    /// <exception cref="CommandBufferException">It failed.</exception>
    /// <exception cref="Abstractions.Faults.DeviceLostException">It did not end in time and is given up, with the device.</exception>
    public void Finish(MetalCommandBuffer commands) => Wait(commands, Start(commands));

    /// <summary>Copies bytes and waits; offsets and length are multiples of <see cref="BlitEncoder.Alignment"/>.</summary>
    public void Copy(MetalBuffer source, long sourceOffset, MetalBuffer destination, long destinationOffset, long length)
    {
        using var pool = Device.Runtime.Pool();
        using var commands = NewCommandBuffer();
        using (var blit = commands.Blit()) blit.Copy(source, (ulong)sourceOffset, destination, (ulong)destinationOffset, (ulong)length);
        Finish(commands);
    }

    /// <summary>Sets bytes to zero and waits; offset and length are multiples of <see cref="BlitEncoder.Alignment"/>.</summary>
    public void Clear(MetalBuffer buffer, long offset, long length)
    {
        using var pool = Device.Runtime.Pool();
        using var commands = NewCommandBuffer();
        using (var blit = commands.Blit()) blit.Fill(buffer, (ulong)offset, (ulong)length, 0);
        Finish(commands);
    }

    public void Dispose()
    {
        Pipelines.Dispose();
        Residency.Dispose();
        _watch.Dispose();
        _queue.Dispose();
    }
}
