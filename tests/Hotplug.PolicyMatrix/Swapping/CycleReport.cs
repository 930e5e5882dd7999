namespace Hotplug.PolicyMatrix.Swapping;

/// <summary>What came of loading and unloading a plugin over and over.</summary>
public sealed record CycleReport
{
    /// <summary>Loads and unloads made.</summary>
    public required int Cycles { get; init; }

    /// <summary>Unloads that were verified.</summary>
    public required int Unloaded { get; init; }

    /// <summary>Unloads behind which the plugin's files were still mapped, or its copy still there.</summary>
    public required IReadOnlyList<string> Remains { get; init; }

    /// <summary>The least that the process had at any look in the second quarter.</summary>
    public required ProcessState Early { get; init; }

    /// <summary>The least that it had at any look in the last quarter.</summary>
    public required ProcessState Late { get; init; }
}
