namespace Hotplug.Metal.Fake.Memory;

/// <summary>What can be done with a range of memory of the host.</summary>
internal enum HostAccess
{
    /// <summary>A part of it is not mapped, or reserved without access.</summary>
    None,

    /// <summary>All of it can be read, a part of it not written.</summary>
    Read,

    /// <summary>All of it can be read and written.</summary>
    Write,
}
