using Hotplug.Abstractions.Plugins;

namespace Hotplug.ContractTests.Tiny;

/// <summary>
/// A small backend of the tests' own: handles instead of memory, bytes at any alignment but ranges at a large one, rows stored backwards behind poisoned
/// padding, a KV layout of its own, and every operation by the scalar reference.
/// </summary>
public sealed class TinyPlugin : IBackendPlugin
{
    public static readonly string[] Settings = ["memory", "largest"];

    public ProbeResult Probe(IPluginHost host) => ProbeResult.Available(1, "Needs nothing.");

    public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var key in settings.Keys)
            if (!Settings.Contains(key, StringComparer.OrdinalIgnoreCase))
                throw new ArgumentException($"Tiny has no setting \"{key}\". It has {string.Join(", ", Settings)}.", nameof(settings));
        var memory = new TinyMemory(host, Number("memory", 6 << 20));
        host.Log.Write(PluginLogLevel.Information, "Tiny is ready.");
        return ValueTask.FromResult<IBackend>(new TinyBackend(memory, Number("largest", 1_500_003)));

        nuint Number(string key, nuint otherwise)
        {
            foreach (var (name, text) in settings)
                if (name.Equals(key, StringComparison.OrdinalIgnoreCase))
                    return nuint.TryParse(text, out var value) && value > 0 ? value : throw new ArgumentException($"Setting {key}={text} of Tiny is no number of bytes.", nameof(settings));
            return otherwise;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
