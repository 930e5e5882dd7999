namespace Hotplug.Metal.Interop.Objects;

/// <summary>Memory that kernels work on: the device's own, shared with the host, or the host's.</summary>
internal sealed unsafe class MetalBuffer(ObjectiveC runtime, nint owned) : ObjectiveCObject(runtime, owned)
{
    /// <summary>Bytes.</summary>
    public ulong Length => Runtime.Send.UInt64(Handle, Runtime[Message.BufferLength]);

    /// <summary>Where the host sees it; null for private memory.</summary>
    public void* Contents => Runtime.Send.Pointer(Handle, Runtime[Message.BufferContents]);

    /// <summary>Where the device sees it; zero where the system does not say (before macOS 13).</summary>
    public ulong GpuAddress =>
        Runtime.Responds(Handle, Message.BufferGpuAddress) ? Runtime.Send.UInt64(Handle, Runtime[Message.BufferGpuAddress]) : 0;

    /// <summary>Gives it a name for Apple's tools.</summary>
    public void SetLabel(string label)
    {
        using var pool = Runtime.Pool();
        Runtime.Send.VoidId(Handle, Runtime[Message.ResourceSetLabel], Runtime.String(label));
    }
}
