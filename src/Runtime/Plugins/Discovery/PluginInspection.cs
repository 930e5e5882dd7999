using Hotplug.Runtime.Plugins.Trust;

namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>A plugin folder that was looked at without running anything of it.</summary>
public sealed record PluginInspection
{
    /// <summary>Full path of the folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The folder that was searched when it was found, whose lock file speaks for it; null if it was looked at by itself.</summary>
    public string? Root { get; init; }

    /// <summary>What its <c>plugin.json</c> says, if that could be read.</summary>
    public PluginManifest? Manifest { get; init; }

    /// <summary>What its assembly says, if that could be read.</summary>
    public PluginMetadata? Metadata { get; init; }

    /// <summary>The pin it is held to when it is loaded, or null if none is asked for.</summary>
    public PluginPin? Pin { get; init; }

    /// <summary>Why it cannot be used, or null if it can.</summary>
    public PluginRejection? Rejection { get; init; }

    /// <summary>Things to know that do not keep it from being used.</summary>
    public IReadOnlyList<PluginNotice> Notices { get; init; } = [];

    /// <summary>True if it can be loaded.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Manifest), nameof(Metadata))]
    public bool IsUsable => Rejection is null && Manifest is not null && Metadata is not null;
}
