using Hotplug.Abstractions.Plugins;
using Hotplug.Metal;
using Hotplug.Metal.Fake;
using Hotplug.Metal.Interop.Loading;

namespace Hotplug.MetalTests.Contract;

/// <summary>The plugin upon a double of its own. Its end is that of the double, which fails it if a rule was broken or something is still held.</summary>
internal sealed class FakeMetalPlugin : IBackendPlugin
{
    private readonly MetalPlugin _plugin;
    private bool _ended;

    public FakeMetalPlugin(FakeOptions options, TimeProvider? time = null)
    {
        Fake = new(options);
        _plugin = new(() => new LoadResult(LoadOutcome.Loaded, "", Fake.Open()), time ?? TimeProvider.System);
    }

    public FakeMetal Fake { get; }

    public ProbeResult Probe(IPluginHost host) => _plugin.Probe(host);

    public ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation) => _plugin.CreateAsync(host, settings, cancellation);

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
