using Hotplug.ConformanceTests.Models;
using Hotplug.MslExecutor;
using Xunit;

[assembly: AssemblyFixture(typeof(MetalHosts))]

namespace Hotplug.ConformanceTests.Models;

/// <summary>
/// Hosts for the plugin metal upon its double, one for each kind of Mac. For all tests: kernels are compiled once. At the end the double is asked whether a rule was broken or
/// something is still held.
/// </summary>
public sealed class MetalHosts : IAsyncDisposable
{
    /// <summary>The device.</summary>
    internal const string Device = "metal-double:gpu0";

    private const string Backend = "metal-double";

    private readonly Dictionary<string, Task<ConformanceHost>> _hosts = [];

    /// <summary>A host: <c>apple</c> has one memory for all, <c>intel</c> a card with its own, <c>checked</c> is apple with every access of a kernel checked. Skips the test where kernels cannot be run.</summary>
    internal async Task<ConformanceHost> GetAsync(string mac)
    {
        if (Toolchain.Current.Unavailable is { } missing) Assert.Skip(missing);
        if (!_hosts.TryGetValue(mac, out var start))
            _hosts[mac] = start = StartAsync(mac switch
            {
                "intel" => new Dictionary<string, string> { ["unified"] = "false" },
                "checked" => new Dictionary<string, string> { ["checked"] = "true" },
                _ => new Dictionary<string, string>(),
            });
        return await start;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        var ends = new List<string>();
        foreach (var (mac, start) in _hosts)
        {
            if (!start.IsCompletedSuccessfully) continue;
            var host = await start;
            var end = await host.RetireAsync(Backend);
            ends.AddRange([.. end.Faults, .. end.Holders.Select(h => $"{mac}: {h}")]);
            await host.DisposeAsync();
        }
        Assert.Empty(ends);
    }

    private static async Task<ConformanceHost> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var host = new ConformanceHost(Backend, settings);
        try
        {
            Assert.Equal([Device], await host.DevicesAsync(Backend));
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }
}
