namespace Hotplug.Metal.Interop.Values;

/// <summary>How far a command buffer is.</summary>
internal enum MTLCommandBufferStatus : ulong
{
    NotEnqueued = 0,
    Enqueued = 1,
    Committed = 2,
    Scheduled = 3,
    Completed = 4,
    Error = 5,
}
