using Hotplug.Abstractions.Plugins;

namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>What <c>plugin.json</c> says of a plugin; checked for form, not yet against the plugin's assembly.</summary>
public sealed record PluginManifest
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "plugin.json";

    /// <summary>The form of <c>plugin.json</c> this host reads.</summary>
    public const int Schema = 1;

    /// <summary>Id: lower-case letters, digits, dots and dashes.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the plugin, for people.</summary>
    public required string Version { get; init; }

    /// <summary>Contract version it was made for.</summary>
    public required ContractVersion Contract { get; init; }

    /// <summary>File name of the assembly that has the <see cref="BackendPluginAttribute"/>.</summary>
    public required string Assembly { get; init; }

    /// <summary>What it is, in a sentence; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>What it is for.</summary>
    public PluginKind Kind { get; init; }

    /// <summary>Whether it is unloaded when no longer used.</summary>
    public PluginLoadMode LoadMode { get; init; }

    /// <summary>Native files without which it cannot run, relative to its folder.</summary>
    public IReadOnlyList<string> NativeLibraries { get; init; } = [];

    /// <summary>Every file that belongs to it, or empty if the manifest lists none; then nothing can be said of missing or changed files.</summary>
    public IReadOnlyList<PluginFile> Files { get; init; } = [];

    /// <summary>SHA-256 of the file it was read from, in lower-case hexadecimal digits.</summary>
    public string Sha256 { get; init; } = "";
}
