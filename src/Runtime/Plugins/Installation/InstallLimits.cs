namespace Hotplug.Runtime.Plugins.Installation;

/// <summary>Bounds on what a package may make of itself. The defaults are far beyond any plugin with its native libraries.</summary>
public sealed record InstallLimits
{
    /// <summary>Files and folders in a package, used or not.</summary>
    public int Entries { get; init; } = 8192;

    /// <summary>Bytes of one file.</summary>
    public long FileBytes { get; init; } = 2L << 30;

    /// <summary>Bytes of all files.</summary>
    public long TotalBytes { get; init; } = 4L << 30;
}
