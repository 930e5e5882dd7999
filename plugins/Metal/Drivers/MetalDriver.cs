using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Drivers;

/// <summary>A device's queue with all that hangs on it. Lives on the device's thread.</summary>
internal sealed class MetalDriver : IDisposable
{
    private readonly MetalQueue _queue;

    /// <exception cref="Interop.MetalException">Metal gives no queue. Nothing is held.</exception>
    public MetalDriver(MetalDevice device)
    {
        Device = device;
        _queue = device.NewQueue();
        try
        {
            Residency = new ResidencyKeeper(device, _queue);
        }
        catch
        {
            _queue.Dispose();
            throw;
        }
        Pipelines = new PipelineCache(device);
    }

    public MetalDevice Device { get; }

    public PipelineCache Pipelines { get; }

    public ResidencyKeeper Residency { get; }

    /// <summary>A command buffer, owned by the caller.</summary>
    public MetalCommandBuffer NewCommandBuffer() => _queue.NewCommandBuffer();

    /// <summary>Commits what was recorded and waits for it.</summary>
    /// <exception cref="CommandBufferException">It failed.</exception>
    public static void Finish(MetalCommandBuffer commands)
    {
        commands.Commit();
        commands.WaitUntilCompleted();
        if (commands.Status != MTLCommandBufferStatus.Completed) throw new CommandBufferException(commands.Error);
    }

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
        _queue.Dispose();
    }
}
