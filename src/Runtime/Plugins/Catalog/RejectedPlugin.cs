using Hotplug.Runtime.Plugins.Discovery;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>A rejection as the report lists it.</summary>
/// <param name="Id">Id of the plugin, as far as it is known.</param>
/// <param name="Code">Why, for code.</param>
/// <param name="Path">The folder or file that is wrong.</param>
/// <param name="Field">The field of <c>plugin.json</c> that is wrong, if it is one.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Cure">What to do.</param>
/// <param name="PluginContract">Contract version the plugin was made for, if that is what is wrong.</param>
/// <param name="AbstractionsVersion">Version of Hotplug.Abstractions it references or carries, if that is what is wrong.</param>
public sealed record RejectedPlugin(
    string? Id, PluginRejectionCode Code, string Path, string? Field, string Reason, string Cure, string? PluginContract, string? AbstractionsVersion)
{
    /// <summary>The rejection as the report lists it.</summary>
    public static RejectedPlugin Of(PluginRejection r)
        => new(r.Id, r.Code, r.Path, r.Field, r.Reason, r.Cure, r.PluginContract?.ToString(), r.AbstractionsVersion?.ToString());
}
