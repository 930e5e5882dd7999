namespace Hotplug.Inference.Deployment;

/// <summary>What can happen to where a model runs.</summary>
public enum ModelTransitionKind
{
    /// <summary>It was put elsewhere on request.</summary>
    Moved,
    /// <summary>A request to put it elsewhere came to nothing; it goes on where it was.</summary>
    Refused,
    /// <summary>A backend failed, and another place took over.</summary>
    FailedOver,
    /// <summary>A backend failed, and no other place took over.</summary>
    Stranded,
    /// <summary>The new place failed in probation, and the one before took over again.</summary>
    RolledBack,
    /// <summary>Probation has passed; the place before was given up.</summary>
    Settled,
}
