namespace Hotplug.Runtime.Memory.Composition;

/// <summary>What becomes of the wish to lock a tensor.</summary>
public enum LockFate
{
    /// <summary>Nobody wished it.</summary>
    NotAsked,
    /// <summary>Its pages are locked.</summary>
    Locked,
    /// <summary>It lies on a device whose memory cannot be paged out.</summary>
    Resident,
    /// <summary>It cannot be locked.</summary>
    Refused,
    /// <summary>It could be locked, but the limit is used up.</summary>
    OverLimit,
}
