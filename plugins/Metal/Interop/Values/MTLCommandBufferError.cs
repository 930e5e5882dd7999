namespace Hotplug.Metal.Interop.Values;

/// <summary>Why a command buffer failed: the code of its NSError.</summary>
internal enum MTLCommandBufferError : ulong
{
    None = 0,
    Internal = 1,
    Timeout = 2,
    PageFault = 3,
    AccessRevoked = 4,
    NotPermitted = 7,
    OutOfMemory = 8,
    InvalidResource = 9,
    Memoryless = 10,
    DeviceRemoved = 11,
    StackOverflow = 12,
}
