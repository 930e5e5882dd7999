namespace Hotplug.Runtime.Plugins.Slots;

/// <summary>How a generation is retired.</summary>
public sealed record UnloadOptions
{
    /// <summary>How long to wait for leases before the generation's lifetime is ended, which cancels its work.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait after that. Leases still out then are never taken by force: the generation stays.</summary>
    public TimeSpan CancelTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long each disposal, of the backend and of the plugin, may take. One that does not come back leaves the generation resident.</summary>
    public TimeSpan DisposeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether to verify that the code is gone, which collects garbage a few times. Without it an unloadable plugin is reported as resident.</summary>
    public bool Verify { get; init; } = true;
}
