using Hotplug.Metal.Fake.Memory;
using Hotplug.Metal.Fake.Objects;

namespace Hotplug.Metal.Fake.Execution;

/// <summary>Something a device does.</summary>
internal abstract class Command
{
    /// <summary>Memory it works on, and whether it may write there.</summary>
    public abstract IEnumerable<(FakeBuffer Buffer, bool Writes)> Buffers { get; }

    /// <summary>Does it. Memory was checked before.</summary>
    /// <param name="seed">Chooses an order where there is none.</param>
    /// <param name="map">The mappings of the process, or null when no memory of the host is used.</param>
    /// <param name="log">Where to note what it touched, or null.</param>
    public abstract void Execute(int seed, HostMap? map, AccessLog? log);
}
