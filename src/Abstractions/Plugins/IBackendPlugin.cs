using Hotplug.Abstractions.Faults;

namespace Hotplug.Abstractions.Plugins;

/// <summary>
/// The entry of a plugin. The host makes one instance per load; members are called one at a time. Disposing ends everything the plugin
/// started; the backend has been disposed before.
/// </summary>
public interface IBackendPlugin : IAsyncDisposable
{
    /// <summary>Says whether the plugin can run here. Cheap: touches no device state, keeps nothing.</summary>
    ProbeResult Probe(IPluginHost host);

    /// <summary>Makes the backend and its devices.</summary>
    /// <param name="host">What the host offers; valid until the plugin is disposed.</param>
    /// <param name="settings">The plugin's settings as configured. Keys compare without case; unknown keys are an error that names the known ones.</param>
    /// <param name="cancellation">Stops the creation; nothing is held afterwards.</param>
    /// <exception cref="ArgumentException">A setting is unknown or has a bad value.</exception>
    /// <exception cref="BackendException">The devices cannot be opened. Nothing is held.</exception>
    ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation);
}
