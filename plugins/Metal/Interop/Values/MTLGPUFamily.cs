namespace Hotplug.Metal.Interop.Values;

/// <summary>Sets of features that a device has as a whole.</summary>
internal enum MTLGPUFamily : long
{
    Apple5 = 1005,
    Apple6 = 1006,
    Apple7 = 1007,
    Apple8 = 1008,
    Apple9 = 1009,
    Apple10 = 1010,
    Mac2 = 2002,
    Common3 = 3003,
    Metal3 = 5001,
    Metal4 = 5002,
}
