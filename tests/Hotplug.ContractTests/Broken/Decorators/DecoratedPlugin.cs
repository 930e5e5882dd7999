using Hotplug.Abstractions.Plugins;

namespace Hotplug.ContractTests.Broken.Decorators;

internal sealed class DecoratedPlugin(IBackendPlugin inner, Flaw flaw, Action<IBackend> made) : IBackendPlugin
{
    public ProbeResult Probe(IPluginHost host) => inner.Probe(host);

    public async ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        IBackend? backend = null;
        flaw.CheckSettings(inner, () => backend = inner.CreateAsync(host, settings, cancellation).AsTask().GetAwaiter().GetResult());
        backend ??= await inner.CreateAsync(host, new Dictionary<string, string>(), cancellation);
        try
        {
            flaw.Start(host);
        }
        catch
        {
            await backend.DisposeAsync();
            throw;
        }
        made(backend);
        return new DecoratedBackend(backend, flaw);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
