namespace Hotplug.Runtime.Plugins.Watching;

/// <summary>How plugin folders are watched.</summary>
public sealed record PluginWatcherOptions
{
    /// <summary>How long the folders have to be quiet before they are looked at: a copy takes a while, and announces every file.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often they are looked at without being asked to: systems lose announcements, and some file systems make none.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the system's announcements of changes are listened to; without them there are the interval, and whoever signals.</summary>
    public bool Announced { get; init; } = true;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
