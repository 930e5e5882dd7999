using Hotplug.Abstractions.Devices;

namespace Hotplug.Abstractions.Plugins;

/// <summary>A running backend. Disposing releases its devices; all buffers and executables have been disposed before.</summary>
public interface IBackend : IAsyncDisposable
{
    /// <summary>What the backend is; constant.</summary>
    BackendInfo Info { get; }

    /// <summary>Its devices, in order of preference; constant, at least one.</summary>
    IReadOnlyList<IDevice> Devices { get; }
}
