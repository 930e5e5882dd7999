namespace Hotplug.Metal.Interop.Objects;

/// <summary>Allocations that are made and kept resident together (macOS 15). Changes take effect with <see cref="Commit"/>. One thread at a time.</summary>
internal sealed unsafe class MetalResidencySet(ObjectiveC runtime, nint owned) : ObjectiveCObject(runtime, owned)
{
    /// <summary>Adds a buffer, which the set holds.</summary>
    public void Add(MetalBuffer buffer) => Runtime.Send.VoidId(Handle, Runtime[Message.ResidencySetAddAllocation], buffer.Handle);

    /// <summary>Removes a buffer.</summary>
    public void Remove(MetalBuffer buffer) => Runtime.Send.VoidId(Handle, Runtime[Message.ResidencySetRemoveAllocation], buffer.Handle);

    /// <summary>Removes all.</summary>
    public void Clear() => Tell(Message.ResidencySetRemoveAllAllocations);

    /// <summary>Makes additions and removals effective.</summary>
    public void Commit() => Tell(Message.ResidencySetCommit);

    /// <summary>Asks the system to make all of it resident now, and to keep it so until <see cref="EndResidency"/>.</summary>
    public void RequestResidency() => Tell(Message.ResidencySetRequestResidency);

    /// <summary>Undoes <see cref="RequestResidency"/>. Some systems free nothing before the device has run something afterwards.</summary>
    public void EndResidency() => Tell(Message.ResidencySetEndResidency);

    private void Tell(Message message)
    {
        using var pool = Runtime.Pool();
        Runtime.Send.Void(Handle, Runtime[message]);
    }
}
