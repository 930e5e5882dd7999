namespace Hotplug.Metal.Interop.Objects;

/// <summary>
/// A number that the device raises as it gets on. The host can wait for it with an end, which waiting for a command buffer itself has not. Safe for
/// any thread.
/// </summary>
internal sealed unsafe class MetalSharedEvent(ObjectiveC runtime, nint owned) : ObjectiveCObject(runtime, owned)
{
    /// <summary>The highest value that was signalled; zero at first.</summary>
    public ulong Value => Runtime.Send.UInt64(Handle, Runtime[Message.SharedEventSignaledValue]);

    /// <summary>Whether <see cref="Wait"/> works (macOS 12).</summary>
    public bool CanWait => Runtime.Responds(Handle, Message.SharedEventWaitUntilSignaledValue);

    /// <summary>Waits until a value is signalled. Only with <see cref="CanWait"/>.</summary>
    /// <returns>
    /// False if the time was over first. A command buffer that fails need not signal, so its status is to be looked at now and then; one that has
    /// signalled is about to complete, and waiting for it then is short.
    /// </returns>
    public bool Wait(ulong value, TimeSpan timeout)
    {
        using var pool = Runtime.Pool();
        // The system adds this to a clock, which centuries would overflow.
        var milliseconds = (ulong)Math.Ceiling(Math.Clamp(timeout.TotalMilliseconds, 0, int.MaxValue));
        return Runtime.Send.BoolUInt64UInt64(Handle, Runtime[Message.SharedEventWaitUntilSignaledValue], value, milliseconds) != ObjCBool.No;
    }
}
