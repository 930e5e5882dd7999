namespace Hotplug.Inference.Deployment;

/// <summary>What can become of a session when its model is put elsewhere.</summary>
public enum SessionFate
{
    /// <summary>Its cache was carried along.</summary>
    Migrated,
    /// <summary>Its cache is made again from its tokens with its next step.</summary>
    Recomputed,
    /// <summary>It goes on where it was.</summary>
    Stayed,
}
