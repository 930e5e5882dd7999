using System.Diagnostics;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.Runtime.Plugins.Slots;

/// <summary>
/// The right to use a generation of a backend: while it is held the backend is not disposed. Take one per loaded model and one per request, not one per call,
/// and use nothing of the backend after returning it. Disposing twice is harmless.
/// </summary>
public sealed class BackendLease : IDisposable
{
    private readonly long _since = Stopwatch.GetTimestamp();
    private BackendGeneration? _generation;

    internal BackendLease(BackendGeneration generation, string owner) => (_generation, Owner) = (generation, owner);

    /// <summary>Who holds it, for diagnostics.</summary>
    public string Owner { get; }

    /// <summary>For how long it has been held.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_since);

    /// <summary>The generation it is on.</summary>
    /// <exception cref="ObjectDisposedException">The lease was returned.</exception>
    public BackendGeneration Generation => Volatile.Read(ref _generation) ?? throw new ObjectDisposedException($"the lease of {Owner}");

    /// <summary>The backend. Do not keep it beyond the lease.</summary>
    public IBackend Backend => Generation.Backend;

    /// <summary>Its devices. Do not keep them beyond the lease.</summary>
    public IReadOnlyList<IDevice> Devices => Generation.Devices;

    /// <summary>The device of an id, or for null the one that the backend's id selects (see <see cref="DeviceAddress"/>).</summary>
    /// <exception cref="BackendUnavailableException">There is no such device; the message lists those there are.</exception>
    public IDevice Device(string? id) => Generation.Device(id);

    /// <summary>Returns the lease.</summary>
    public void Dispose() => Interlocked.Exchange(ref _generation, null)?.Return(this);
}
