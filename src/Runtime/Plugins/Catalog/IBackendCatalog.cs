using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Loading;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>
/// The backends that are there. Looking at them runs nothing of them: a plugin is loaded when it is asked for, and at most once at a time. Members may be called
/// from any thread. Disposing retires every backend; dispose leases before.
/// </summary>
public interface IBackendCatalog : IAsyncDisposable
{
    /// <summary>Every change of a backend's state. Called on the thread that makes the change: return soon, and do not throw.</summary>
    event Action<BackendTransition>? Transitioned;

    /// <summary>The backends that can be asked for, in order of discovery, as they are now.</summary>
    IReadOnlyList<BackendDescription> Backends { get; }

    /// <summary>What was searched, found, loaded and rejected, and why.</summary>
    PluginReport Report();

    /// <summary>Gives the slot of a backend, loading it and opening its devices if that has not been done.</summary>
    /// <param name="id">Id of the backend.</param>
    /// <param name="cancellation">Stops the opening; nothing is held then.</param>
    /// <exception cref="BackendUnavailableException">There is none of this id, or it cannot run here; the message lists what there is, and why others were rejected.</exception>
    /// <exception cref="PluginRejectedException">Its folder is not right.</exception>
    /// <exception cref="BackendFaultException">It failed.</exception>
    ValueTask<BackendSlot> GetAsync(string id, CancellationToken cancellation = default);

    /// <summary>Gives a device by its address, loading its backend if that has not been done.</summary>
    /// <param name="address"><c>id</c> for the device that a backend's id selects, or <c>id:device</c>; see <see cref="DeviceAddress"/>.</param>
    /// <param name="cancellation">Stops the opening.</param>
    /// <exception cref="FormatException">It is not an address.</exception>
    /// <exception cref="BackendUnavailableException">There is no such backend or device, or the backend has only emulations and none is named; the message lists what there is, and what was refused.</exception>
    ValueTask<BackendDevice> GetDeviceAsync(string address, CancellationToken cancellation = default);

    /// <summary>Loads another generation of a backend beside the one at work, from what lies in its folder now, and opens its devices. Work goes to it once it is exchanged.</summary>
    /// <param name="id">Id of the backend.</param>
    /// <param name="folder">The folder of a plugin with the same id to load instead, and from then on; null for the one it was found in.</param>
    /// <param name="cancellation">Stops the opening; nothing is held then.</param>
    /// <exception cref="BackendUnavailableException">There is none of this id, or it cannot run here.</exception>
    /// <exception cref="PluginRejectedException">The folder is not right.</exception>
    /// <exception cref="BackendFaultException">It failed.</exception>
    ValueTask<StagedBackend> StageAsync(string id, string? folder = null, CancellationToken cancellation = default);

    /// <summary>Takes a generation that has failed out of its slot, if the one there has, and retires it.</summary>
    /// <param name="id">Id of the backend.</param>
    /// <returns>What became of it; null if there was none that had failed.</returns>
    Task<UnloadResult?> RetireFaultedAsync(string id);

    /// <summary>Searches the folders again. Plugins with new ids can be asked for from now on; what is loaded stays as it is.</summary>
    /// <returns>The plugins that could be loaded, as their folders are now; nothing of them has run, and their hashes were not compared.</returns>
    IReadOnlyList<PluginInspection> Rescan();

    /// <summary>Asks every backend whether it can run here. This loads their code; devices stay closed.</summary>
    /// <param name="tests">Whether test equipment is asked too.</param>
    /// <param name="cancellation">Stops between two backends.</param>
    ValueTask<IReadOnlyList<BackendProbe>> ProbeAllAsync(bool tests = false, CancellationToken cancellation = default);

    /// <summary>
    /// Opens the backends that can run here and lists their devices. Those that fail are left out; <see cref="Report"/> says why. One that is used only when named
    /// (<see cref="Hotplug.Abstractions.Plugins.ProbeResult.OnlyWhenNamed"/>) stays closed.
    /// </summary>
    /// <param name="tests">Whether test equipment, and what is used only when named, is opened too.</param>
    /// <param name="except">Ids of backends that are left alone; null for none.</param>
    /// <param name="cancellation">Stops between two backends.</param>
    ValueTask<IReadOnlyList<BackendDevice>> ListDevicesAsync(bool tests = false, IReadOnlySet<string>? except = null, CancellationToken cancellation = default);

    /// <summary>Chooses a backend, loads it, and says why it and none of the others.</summary>
    /// <param name="wanted">An id, <c>id:device</c>, <c>auto</c>, or null for the configured one.</param>
    /// <param name="cancellation">Stops the choice.</param>
    /// <exception cref="BackendUnavailableException">There is none; the message says why for each.</exception>
    ValueTask<BackendSelection> SelectAsync(string? wanted = null, CancellationToken cancellation = default);
}
