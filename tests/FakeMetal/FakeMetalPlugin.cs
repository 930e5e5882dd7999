using Hotplug.Abstractions.Plugins;
using Hotplug.Metal.Interop.Loading;

namespace Hotplug.Metal.Fake;

/// <summary>The plugin upon a double of its own. Its end is that of the double, which fails it if a rule was broken or something is still held.</summary>
public sealed class FakeMetalPlugin : IBackendPlugin
{
    private readonly MetalPlugin _plugin;
    private bool _ended;

    /// <param name="options">The Mac.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public FakeMetalPlugin(FakeOptions options, TimeProvider? time = null)
    {
        Fake = new(options);
        _plugin = new(() => new LoadResult(LoadOutcome.Loaded, "", Fake.Open()), time ?? TimeProvider.System);
    }

    /// <summary>The double.</summary>
    public FakeMetal Fake { get; }

    /// <inheritdoc/>
    public ProbeResult Probe(IPluginHost host) => _plugin.Probe(host);

    /// <inheritdoc/>
    public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation) => _plugin.CreateAsync(host, settings, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_ended) return;
        _ended = true;
        try
        {
            await _plugin.DisposeAsync();
            Fake.Verify();
        }
        finally
        {
            Fake.Dispose();
        }
    }
}
