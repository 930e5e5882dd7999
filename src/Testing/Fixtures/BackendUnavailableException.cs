namespace Hotplug.Testing.Fixtures;

/// <summary>The plugin says that it cannot run on this machine; its tests are skipped with the reasons.</summary>
public sealed class BackendUnavailableException : Exception
{
    /// <summary>Creates it with the reasons of the plugin.</summary>
    public BackendUnavailableException(IReadOnlyList<string> reasons)
        : base(reasons.Count == 0 ? "The plugin cannot run here and gives no reason." : $"The plugin cannot run here: {string.Join("; ", reasons)}") => Reasons = reasons;

    /// <summary>What the plugin said.</summary>
    public IReadOnlyList<string> Reasons { get; }
}
