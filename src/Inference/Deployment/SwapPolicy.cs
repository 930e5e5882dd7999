namespace Hotplug.Inference.Deployment;

/// <summary>What becomes of generations that are under way when their model is put elsewhere.</summary>
public enum SwapPolicy
{
    /// <summary>They take their cache along, converted to the pages of the new devices; one that cannot be carried is made again from the tokens.</summary>
    Migrate,
    /// <summary>They go on at the new place, where their cache is made again from the tokens.</summary>
    Recompute,
    /// <summary>They stay where they are until they end; only later ones begin at the new place.</summary>
    NewSessionsOnly,
    /// <summary>Where both places do not fit side by side: caches wait in host memory while the old one is given up and the new one is loaded. A load that fails brings the old one back.</summary>
    StopAndReload,
    /// <summary>While there are any, nothing is changed.</summary>
    Refuse,
}
