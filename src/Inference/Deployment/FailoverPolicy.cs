namespace Hotplug.Inference.Deployment;

/// <summary>Who may take over when a backend fails in a step.</summary>
public enum FailoverPolicy
{
    /// <summary>A fresh generation of the same backend, and then any other that the planner chooses.</summary>
    AnyBackend,
    /// <summary>A fresh generation of the same backend only.</summary>
    SameBackend,
    /// <summary>Nobody: the fault is reported.</summary>
    Off,
}
