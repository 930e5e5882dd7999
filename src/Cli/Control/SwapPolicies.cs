using Hotplug.Inference.Deployment;

namespace Hotplug.Cli.Control;

/// <summary>Policies of a swap as they are typed.</summary>
internal static class SwapPolicies
{
    public const string Words = "migrate, recompute, new-sessions-only, stop-and-reload or refuse";

    public static SwapPolicy Parse(string word) => word.ToLowerInvariant() switch
    {
        "migrate" => SwapPolicy.Migrate,
        "recompute" => SwapPolicy.Recompute,
        "new-sessions-only" => SwapPolicy.NewSessionsOnly,
        "stop-and-reload" => SwapPolicy.StopAndReload,
        "refuse" => SwapPolicy.Refuse,
        _ => throw new UsageException($"'{word}' is no policy of a swap. Type {Words}."),
    };
}
