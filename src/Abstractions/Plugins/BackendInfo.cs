namespace Hotplug.Abstractions.Plugins;

/// <summary>What a backend states of itself.</summary>
public sealed record BackendInfo
{
    /// <summary>Id, the same as the plugin's.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Version for people: of the backend, and of the driver or instruction set it runs on.</summary>
    public required string Version { get; init; }

    /// <summary>Hardware and drivers that were found or looked for and cannot be used, with the reasons; empty by default. The host shows them to people.</summary>
    public IReadOnlyList<RefusedDevice> Refused { get; init; } = [];
}
