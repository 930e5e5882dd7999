namespace Hotplug.Abstractions.Memory;

/// <summary>What the CPU may do with a range of host memory.</summary>
public enum HostAccess
{
    /// <summary>Read only: a mapped file. Writing to it is a fault of the process.</summary>
    Read,
    /// <summary>Read and write.</summary>
    ReadWrite,
}
