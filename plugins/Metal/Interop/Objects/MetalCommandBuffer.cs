using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Interop.Objects;

/// <summary>
/// Work that is recorded, committed once and waited for. One thread at a time; one encoder is open at a time. A scope of an autorelease pool must
/// be open around the encoders.
/// </summary>
internal sealed unsafe class MetalCommandBuffer(ObjectiveC runtime, nint owned) : ObjectiveCObject(runtime, owned)
{
    private bool _encoding;
    private bool _committed;

    /// <summary>How far it is.</summary>
    public MTLCommandBufferStatus Status => (MTLCommandBufferStatus)Runtime.Send.UInt64(Handle, Runtime[Message.CommandBufferStatus]);

    /// <summary>Why it failed; null unless <see cref="Status"/> is <see cref="MTLCommandBufferStatus.Error"/>.</summary>
    public MetalError? Error
    {
        get
        {
            using var pool = Runtime.Pool();
            return Runtime.Error(Runtime.Send.Id(Handle, Runtime[Message.CommandBufferError]));
        }
    }

    /// <summary>Seconds it ran on the device; zero before it has completed.</summary>
    public double GpuSeconds =>
        Runtime.Send.Double(Handle, Runtime[Message.CommandBufferGpuEndTime]) - Runtime.Send.Double(Handle, Runtime[Message.CommandBufferGpuStartTime]);

    /// <summary>Opens an encoder for kernels.</summary>
    /// <param name="type">Whether its dispatches may overlap, so that barriers are needed between those that depend on each other.</param>
    /// <exception cref="InvalidOperationException">Another encoder is open, or it was committed.</exception>
    /// <exception cref="MetalException">There is none.</exception>
    public ComputeEncoder Compute(MTLDispatchType type)
    {
        BeginEncoding();
        return new(this, Opened(Runtime.Send.IdUInt64(Handle, Runtime[Message.CommandBufferComputeEncoder], (ulong)type)));
    }

    /// <summary>Opens an encoder for copies.</summary>
    /// <exception cref="InvalidOperationException">Another encoder is open, or it was committed.</exception>
    /// <exception cref="MetalException">There is none.</exception>
    public BlitEncoder Blit()
    {
        BeginEncoding();
        return new(this, Opened(Runtime.Send.Id(Handle, Runtime[Message.CommandBufferBlitEncoder])));
    }

    /// <summary>Raises an event to a value when everything recorded so far is done.</summary>
    /// <exception cref="InvalidOperationException">An encoder is open, or it was committed.</exception>
    public void Signal(MetalSharedEvent target, ulong value)
    {
        BeginEncoding();
        Runtime.Send.VoidIdUInt64(Handle, Runtime[Message.CommandBufferEncodeSignalEvent], target.Handle, value);
    }

    /// <summary>Takes its place in the order of the queue before it is committed.</summary>
    public void Enqueue() => Runtime.Send.Void(Handle, Runtime[Message.CommandBufferEnqueue]);

    /// <summary>Hands it to the device.</summary>
    /// <exception cref="InvalidOperationException">An encoder is open, or it was committed before.</exception>
    public void Commit()
    {
        if (_encoding) throw new InvalidOperationException("An encoder is open: end it before the commit.");
        if (_committed) throw new InvalidOperationException("The command buffer was committed before.");
        using var pool = Runtime.Pool();
        Runtime.Send.Void(Handle, Runtime[Message.CommandBufferCommit]);
        _committed = true;
    }

    /// <summary>Waits until it has completed or failed.</summary>
    /// <exception cref="InvalidOperationException">It was not committed: the wait would never end.</exception>
    public void WaitUntilCompleted()
    {
        if (!_committed) throw new InvalidOperationException("The command buffer was not committed.");
        using var pool = Runtime.Pool();
        Runtime.Send.Void(Handle, Runtime[Message.CommandBufferWaitUntilCompleted]);
    }

    /// <summary>One more reference of it, owned by the caller: to ask for its status later. Only of one that was committed.</summary>
    public MetalCommandBuffer Share() => _committed ? new(Runtime, Runtime.Retain(Handle)) { _committed = true } : throw new InvalidOperationException("The command buffer was not committed.");

    /// <summary>Called by the queue: stands for a new command buffer from now on.</summary>
    internal void StandFor(nint owned)
    {
        Renew(owned);
        (_encoding, _committed) = (false, false);
    }

    /// <summary>Called by the encoder that ends.</summary>
    internal void EndEncoding(nint encoder)
    {
        Runtime.Send.Void(encoder, Runtime[Message.EncoderEndEncoding]);
        _encoding = false;
    }

    private void BeginEncoding()
    {
        if (_encoding) throw new InvalidOperationException("An encoder of this command buffer is open: end it first.");
        if (_committed) throw new InvalidOperationException("The command buffer was committed: nothing can be added to it.");
    }

    private nint Opened(nint encoder)
    {
        if (encoder == 0) throw new MetalException("The command buffer gives no encoder; the device is gone or out of memory.");
        _encoding = true;
        return encoder;
    }
}
