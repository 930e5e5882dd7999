namespace Hotplug.Metal.Fake;

/// <summary>Rules that <see cref="FakeMetal"/> watches over.</summary>
public enum ViolationKind
{
    /// <summary>A reference was given back that nobody had.</summary>
    OverRelease,

    /// <summary>A message to, or an argument that is, an object which is gone.</summary>
    UseAfterRelease,

    /// <summary>Objects, pools or residency were still held at the end.</summary>
    Leak,

    /// <summary>An autoreleased object on a thread without a pool, or a pool closed on the wrong thread or twice.</summary>
    Pool,

    /// <summary>A message to nil or to what is no object, a selector it does not know, a class that does not fit.</summary>
    Message,

    /// <summary>A message sent through a call of another shape than its encoding.</summary>
    Shape,

    /// <summary>Memory that is not aligned as it must be.</summary>
    Alignment,

    /// <summary>A size above its limit, or zero where nothing is nothing.</summary>
    Limit,

    /// <summary>An offset or a range outside of its buffer.</summary>
    Bounds,

    /// <summary>Bytes beside a buffer were overwritten.</summary>
    Overrun,

    /// <summary>An object given back while a command buffer used it.</summary>
    FreedInFlight,

    /// <summary>Memory of the host that was not mapped while the device, or a buffer over it, still needed it.</summary>
    Unmapped,

    /// <summary>A kernel or a copy that could write where only reading is allowed.</summary>
    ReadOnly,

    /// <summary>Commands in the wrong state: after the commit, after the end of an encoder, two encoders at once, waiting without a commit.</summary>
    State,

    /// <summary>A parameter of a kernel that nothing is bound to, or a binding that does not fit it.</summary>
    Binding,

    /// <summary>Two dispatches touched the same memory, one of them writing, and nothing ordered them.</summary>
    MissingBarrier,

    /// <summary>A kernel that did what it must not.</summary>
    Kernel,

    /// <summary>A residency set that was let go of while it kept memory resident, or used before its changes were committed.</summary>
    Residency,

    /// <summary>The double itself failed or does not know the message.</summary>
    Double,
}
