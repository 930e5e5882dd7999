namespace Hotplug.FarMemory.Faults;

/// <summary>Calls of the contract at which the device can be told to fail; all that is called after <c>Probe</c>, which knows no settings.</summary>
internal enum FarCall
{
    Create,
    Info,
    Devices,
    DeviceInfo,
    BufferTypes,
    BufferTypeFacts,
    QueryMemory,
    Supports,
    PrepareKvCache,
    Prepare,
    AllocationSize,
    Allocate,
    BufferFacts,
    Write,
    Read,
    Clear,
    TryCopy,
    Compile,
    Run,
    FenceWait,
    FenceFault,
    KvRead,
    KvWrite,
    KvCopy,
    DisposeExecutable,
    DisposeBuffer,
    DisposeBackend,
    DisposePlugin,
}
