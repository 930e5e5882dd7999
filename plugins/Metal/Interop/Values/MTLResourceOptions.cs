namespace Hotplug.Metal.Interop.Values;

/// <summary>Where a buffer lies and who keeps order between its uses.</summary>
[Flags]
[ValuePrefix("MTLResource")]
internal enum MTLResourceOptions : ulong
{
    CPUCacheModeDefaultCache = 0,
    CPUCacheModeWriteCombined = 1,
    StorageModeShared = 0,
    StorageModePrivate = 32,
    HazardTrackingModeUntracked = 256,
}
