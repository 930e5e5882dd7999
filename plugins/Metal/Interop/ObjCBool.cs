namespace Hotplug.Metal.Interop;

/// <summary>
/// BOOL: one byte on every Mac, a C bool on Apple silicon and a signed char on Intel. A type of its own, so that no marshaller touches it and a
/// declaration cannot mistake it for a character.
/// </summary>
internal enum ObjCBool : byte
{
    No = 0,
    Yes = 1,
}
