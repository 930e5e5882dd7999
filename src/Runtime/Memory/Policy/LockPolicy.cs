namespace Hotplug.Runtime.Memory.Policy;

/// <summary>Whether memory is locked, so that the system cannot page it out.</summary>
public enum LockPolicy
{
    /// <summary>Lock nothing.</summary>
    Off,
    /// <summary>Lock what the limits allow, in order of use, and list the rest.</summary>
    Try,
    /// <summary>Lock everything asked, or refuse the load.</summary>
    Require,
}
