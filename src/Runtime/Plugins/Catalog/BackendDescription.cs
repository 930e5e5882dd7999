using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>A backend as it is at a moment.</summary>
public sealed record BackendDescription
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Version for people.</summary>
    public required string Version { get; init; }

    /// <summary>Contract version it was made for.</summary>
    public required string Contract { get; init; }

    /// <summary>What it is, in a sentence; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>What it is for.</summary>
    public PluginKind Kind { get; init; }

    /// <summary>What becomes of its code.</summary>
    public PluginLoadMode LoadMode { get; init; }

    /// <summary>The folder it was found in, or null if it is part of the host.</summary>
    public string? Path { get; init; }

    /// <summary>Whether nothing but its pinned content runs.</summary>
    public bool IsPinned { get; init; }

    /// <summary>State of its latest generation.</summary>
    public BackendState State { get; init; }

    /// <summary>Number of its latest generation, or null if it was never loaded.</summary>
    public long? Generation { get; init; }

    /// <summary>Why it was loaded, or null if it is not.</summary>
    public string? LoadReason { get; init; }

    /// <summary>The copy it was loaded from.</summary>
    public string? LoadedFrom { get; init; }

    /// <summary>Hash of its files, known once loaded.</summary>
    public string? ContentHash { get; init; }

    /// <summary>What went wrong, or not as usual, when it was last asked for.</summary>
    public string? Problem { get; init; }

    /// <summary>The names of its devices; empty until they are open.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Whether it has only devices that are used when they are named; false until it was asked.</summary>
    public bool OnlyWhenNamed { get; init; }

    /// <summary>What it said when it was asked whether it can run here; empty until then.</summary>
    public IReadOnlyList<string> ProbeReasons { get; init; } = [];

    /// <summary>Hardware and drivers that it found or looked for and cannot use; empty until its devices are open.</summary>
    public IReadOnlyList<RefusedDevice> Refused { get; init; } = [];
}
