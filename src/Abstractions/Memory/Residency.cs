namespace Hotplug.Abstractions.Memory;

/// <summary>Whether the bytes of a buffer can leave physical memory.</summary>
public enum Residency
{
    /// <summary>Ordinary host memory: the system may page it out unless the host locks it.</summary>
    Pageable,
    /// <summary>Memory that cannot be paged out, such as a card's own. A lock policy is satisfied by it as it is.</summary>
    Resident,
    /// <summary>The backend cannot tell. A policy that requires locking refuses it.</summary>
    Unknown,
}
