using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Loading;
using Hotplug.Runtime.Plugins.Slots;
using Hotplug.Runtime.Plugins.Trust;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>Where a backend's code comes from: a folder, looked at anew for every load since its content may be exchanged, or the host's own code.</summary>
internal abstract class BackendSource
{
    /// <summary>What is there now.</summary>
    /// <exception cref="PluginRejectedException">What is there cannot be used.</exception>
    public abstract BackendContent Look();

    /// <summary>A backend that is part of the host.</summary>
    public static BackendSource Of(StaticBackend backend) => new HostSource(backend);

    /// <summary>A plugin's folder, which has to stand up to what was asked of it when it was found, every time.</summary>
    public static BackendSource Of(PluginInspection plugin, PluginPinning pinning, ShadowCopyCache copies)
        => new FolderSource(plugin.Manifest!.Id, plugin.Folder, plugin.Root ?? plugin.Folder, pinning, copies);

    /// <summary>The same backend from another folder, under the same rules.</summary>
    /// <exception cref="BackendUnavailableException">It has no folder.</exception>
    public abstract BackendSource In(string folder);

    /// <summary>A plugin's folder as it was found.</summary>
    public static BackendContent Describe(PluginInspection plugin, ShadowCopyCache copies)
    {
        var manifest = plugin.Manifest!;
        return new(new()
        {
            Id = manifest.Id, Name = manifest.Name, Version = manifest.Version, Contract = manifest.Contract.ToString(), Description = manifest.Description,
            Kind = manifest.Kind, LoadMode = manifest.LoadMode, Path = plugin.Folder, IsPinned = plugin.Pin is not null,
        }, () => PluginContext.Load(plugin, copies));
    }

    private sealed class HostSource(StaticBackend backend) : BackendSource
    {
        public override BackendContent Look() => new(new()
        {
            Id = backend.Id, Name = backend.Id, Version = backend.Version, Contract = ContractVersion.Current.ToString(), LoadMode = PluginLoadMode.Pinned,
        }, () => PluginContext.Static(backend.Id, backend.Create));

        public override BackendSource In(string folder)
            => throw new BackendUnavailableException(backend.Id, $"Backend '{backend.Id}' is part of the host and is not loaded from a folder. Exchange it without one, or build the host anew.");
    }

    private sealed class FolderSource(string id, string folder, string root, PluginPinning pinning, ShadowCopyCache copies) : BackendSource
    {
        public override BackendContent Look()
        {
            var plugin = PluginScanner.Inspect(folder, root, pinning);
            if (plugin.Rejection is { } rejection) throw new PluginRejectedException(rejection);
            if (plugin.Manifest!.Id != id)
                throw new PluginRejectedException(new()
                {
                    Code = PluginRejectionCode.WrongFolder, Path = plugin.Folder, Id = id, Reason = $"the plugin in the folder has the id '{plugin.Manifest.Id}', and '{id}' is wanted.",
                    Cure = $"Give the folder of a plugin with the id '{id}'.",
                });
            return Describe(plugin, copies);
        }

        public override BackendSource In(string other) => new FolderSource(id, Path.GetFullPath(other), root, pinning, copies);
    }
}
