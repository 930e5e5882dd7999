namespace Hotplug.GpuTests.Drivers;

/// <summary>What the plugin asks of a driver.</summary>
internal enum DriverCall
{
    Open,
    Allocate,
    Adopt,
    PageLock,
    Upload,
    Download,
    Copy,
    Clear,
    Load,
    Launch,
    Synchronize,
    Free,
    Unlock,
    Close,
}
