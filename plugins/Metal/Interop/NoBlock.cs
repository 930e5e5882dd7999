namespace Hotplug.Metal.Interop;

/// <summary>
/// The only block this binding ever passes: none. A block made here would leave a pointer to code of an unloadable plugin with the system.
/// </summary>
internal enum NoBlock : long
{
    Nil = 0,
}
