using System.Reflection;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>A backend that is part of the host's own code, for hosts without dynamic loading (NativeAOT, single file) and for tests.</summary>
public sealed record StaticBackend
{
    private StaticBackend(string id, string version, Func<IBackendPlugin> create) => (Id, Version, Create) = (id, version, create);

    /// <summary>Id of the backend.</summary>
    public string Id { get; }

    /// <summary>Version of its assembly.</summary>
    public string Version { get; }

    /// <summary>Makes an instance.</summary>
    internal Func<IBackendPlugin> Create { get; }

    /// <summary>The backend of a plugin class.</summary>
    /// <param name="id">Its id; null for the one that the <see cref="BackendPluginAttribute"/> of its assembly states.</param>
    /// <exception cref="ArgumentException">No id is given, and the assembly states none for the class.</exception>
    public static StaticBackend Of<TPlugin>(string? id = null) where TPlugin : class, IBackendPlugin, new()
    {
        var assembly = typeof(TPlugin).Assembly;
        id ??= assembly.GetCustomAttributes<BackendPluginAttribute>().FirstOrDefault(a => a.Type == typeof(TPlugin))?.Id
            ?? throw new ArgumentException($"{assembly.GetName().Name} has no BackendPlugin attribute for {typeof(TPlugin).FullName}: add one, or give the id.", nameof(id));
        return new(id, assembly.GetName().Version?.ToString() ?? "0", static () => new TPlugin());
    }

    /// <summary>A backend whose plugin object <paramref name="create"/> makes.</summary>
    public static StaticBackend Of(string id, Func<IBackendPlugin> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(create);
        return new(id, "0", create);
    }
}
