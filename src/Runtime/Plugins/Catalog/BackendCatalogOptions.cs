using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Slots;
using Hotplug.Runtime.Plugins.Trust;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>What a catalogue works with.</summary>
public sealed record BackendCatalogOptions
{
    /// <summary>The word for choosing a backend by what is there.</summary>
    public const string Auto = "auto";

    /// <summary>Folders searched for plugins besides <c>plugins</c> beside the program; relative ones lie beside the program.</summary>
    public IReadOnlyList<string> PluginDirectories { get; init; } = [];

    /// <summary>Further folders, separated as in PATH, searched first: the environment variable <see cref="PluginScanner.EnvironmentVariable"/>.</summary>
    public string? PluginEnvironment { get; init; } = Environment.GetEnvironmentVariable(PluginScanner.EnvironmentVariable);

    /// <summary>Folder of the program, in which <c>plugins</c> is searched.</summary>
    public string InstallationDirectory { get; init; } = AppContext.BaseDirectory;

    /// <summary>Whether plugins must be pinned.</summary>
    public PluginPinning Pinning { get; init; }

    /// <summary>Where private copies of plugins are kept; null for the user's cache folder.</summary>
    public string? ShadowCopyDirectory { get; init; }

    /// <summary>Backends that are part of the host. They come before those found in folders.</summary>
    public IReadOnlyList<StaticBackend> StaticBackends { get; init; } = [];

    /// <summary>The backend to use: an id, <c>id:device</c>, or <see cref="Auto"/>.</summary>
    public string Backend { get; init; } = Auto;

    /// <summary>Settings per backend id.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Settings { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>How long a plugin may take to be loaded, to say whether it can run, and to open its devices, each; then it is given up.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The clock of that.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How generations are retired that are replaced or have failed.</summary>
    public UnloadOptions Unload { get; init; } = new();

    /// <summary>Threads that computing may use; null for the processors this process may use.</summary>
    public int? Threads { get; init; }
}
