using Acme.Plugin_1;
using Acme.Plugin_1.Memory;
using Hotplug.Abstractions.Plugins;

[assembly: BackendPlugin("plugin-id", typeof(AcceleratorPlugin), contract: "1.0")]

namespace Acme.Plugin_1;

/// <summary>The entry: says whether it can run here, and opens the device.</summary>
public sealed class AcceleratorPlugin : IBackendPlugin
{
    private const string MemorySetting = "memory";
    private const nuint DefaultMemory = 2u << 30;

    // Look for drivers and devices here, without opening them. Score 0, with a reason, where there are none.
    public ProbeResult Probe(IPluginHost host) => ProbeResult.Available(1, "Needs nothing but the processor.");

    public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var bytes = DefaultMemory;
        foreach (var (key, value) in settings)
        {
            if (!key.Equals(MemorySetting, StringComparison.OrdinalIgnoreCase))
                throw new ArgumentException($"plugin-id has no setting '{key}'. It knows {MemorySetting} (bytes that may be taken).");
            if (!nuint.TryParse(value, out bytes) || bytes == 0)
                throw new ArgumentException($"Setting {MemorySetting} of plugin-id is '{value}': give a number of bytes.");
        }
        return ValueTask.FromResult<IBackend>(new AcceleratorBackend(new Heap(host, bytes)));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
