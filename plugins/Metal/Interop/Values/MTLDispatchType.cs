namespace Hotplug.Metal.Interop.Values;

/// <summary>Whether the dispatches of an encoder may overlap.</summary>
internal enum MTLDispatchType : ulong
{
    Serial = 0,
    Concurrent = 1,
}
