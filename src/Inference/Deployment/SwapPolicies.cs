namespace Hotplug.Inference.Deployment;

/// <summary>Policies of a swap as people write them.</summary>
public static class SwapPolicies
{
    /// <summary>The words.</summary>
    public const string Words = "migrate, recompute, new-sessions-only, stop-and-reload or refuse";

    /// <summary>The policy that a word means.</summary>
    /// <exception cref="FormatException">It means none.</exception>
    public static SwapPolicy Parse(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.ToLowerInvariant() switch
        {
            "migrate" => SwapPolicy.Migrate,
            "recompute" => SwapPolicy.Recompute,
            "new-sessions-only" => SwapPolicy.NewSessionsOnly,
            "stop-and-reload" => SwapPolicy.StopAndReload,
            "refuse" => SwapPolicy.Refuse,
            _ => throw new FormatException($"'{word}' is no policy of a swap. Write {Words}."),
        };
    }
}
