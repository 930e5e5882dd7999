namespace Hotplug.Metal.Interop.Objects;

/// <summary>Runs command buffers in the order in which they were enqueued. Safe for any thread.</summary>
internal sealed unsafe class MetalQueue(ObjectiveC runtime, nint owned) : ObjectiveCObject(runtime, owned)
{
    /// <summary>A command buffer, owned by the caller. Waits while too many are unfinished.</summary>
    /// <param name="retaining">Whether it holds the objects it uses. Without, the caller keeps each of them until it has completed.</param>
    /// <param name="ended">One of this queue that nobody needs any more: if it was disposed, it is made to stand for the new one, so that nothing is allocated.</param>
    /// <exception cref="MetalException">There is none.</exception>
    public MetalCommandBuffer NewCommandBuffer(bool retaining = true, MetalCommandBuffer? ended = null)
    {
        using var pool = Runtime.Pool();
        var message = retaining ? Message.QueueCommandBuffer : Message.QueueCommandBufferUnretained;
        var unowned = Runtime.Send.Id(Handle, Runtime[message]);
        if (unowned == 0) throw new MetalException("The queue gives no command buffer; the device is gone or out of memory.");
        // It must outlive this pool, to be waited for later.
        var owned = Runtime.Retain(unowned);
        if (ended is not { IsDisposed: true }) return new(Runtime, owned);
        ended.StandFor(owned);
        return ended;
    }

    /// <summary>Keeps a set resident for every command buffer of this queue.</summary>
    public void Add(MetalResidencySet set) => Runtime.Send.VoidId(Handle, Runtime[Message.QueueAddResidencySet], set.Handle);

    /// <summary>Undoes <see cref="Add"/>.</summary>
    public void Remove(MetalResidencySet set) => Runtime.Send.VoidId(Handle, Runtime[Message.QueueRemoveResidencySet], set.Handle);
}
