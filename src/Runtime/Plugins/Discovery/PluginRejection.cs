using Hotplug.Abstractions.Plugins;

namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>Why a folder is not used as a plugin, and what to do. No code of the plugin ran.</summary>
public sealed record PluginRejection
{
    /// <summary>Why, for code.</summary>
    public required PluginRejectionCode Code { get; init; }

    /// <summary>The folder or file that is wrong.</summary>
    public required string Path { get; init; }

    /// <summary>Why, for people: the value, and what is wrong with it.</summary>
    public required string Reason { get; init; }

    /// <summary>What to do.</summary>
    public required string Cure { get; init; }

    /// <summary>Id of the plugin, as far as it is known: by its manifest, or else the name of its folder.</summary>
    public string? Id { get; init; }

    /// <summary>The field of <c>plugin.json</c> that is wrong, if it is one.</summary>
    public string? Field { get; init; }

    /// <summary>Contract version the plugin was made for, if known.</summary>
    public ContractVersion? PluginContract { get; init; }

    /// <summary>Contract version of this host.</summary>
    public ContractVersion HostContract { get; init; } = ContractVersion.Current;

    /// <summary>Version of the Hotplug.Abstractions that the plugin references or carries, if known.</summary>
    public Version? AbstractionsVersion { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"Plugin {(Id is null ? "" : $"'{Id}' ")}at {Path} is rejected ({Code}): {Reason} {Cure}";
}
