using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>Hosts whose cpu is held to an instruction set, a number of threads and bits of activations; each is made when it is first asked for.</summary>
public sealed class CpuHosts : IAsyncDisposable
{
    private readonly Dictionary<(string, int, int), ConformanceHost> _hosts = [];

    /// <summary>The host of a setting; skips the test where the processor lacks the instructions.</summary>
    internal async Task<ConformanceHost> GetAsync(string isa, int threads, int bits = 16)
    {
        var (runs, name) = isa switch
        {
            "avx512" => (Avx512BW.IsSupported && Avx512BW.VL.IsSupported && Vector512.IsHardwareAccelerated, "AVX-512"),
            "avx2" => (Avx2.IsSupported && Fma.IsSupported, "AVX2"),
            _ => (true, "128-bit vectors"),
        };
        if (!runs) Assert.Skip($"This processor has no {name}.");
        if (!_hosts.TryGetValue((isa, threads, bits), out var host))
            _hosts[(isa, threads, bits)] = host = new("cpu", new Dictionary<string, string> { ["isa"] = isa, ["threads"] = $"{threads}", ["activations"] = $"{bits}" });
        Assert.Contains($"({name}, {threads} threads, activations of {bits} bits)", await host.VersionAsync("cpu"));
        return host;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts.Values) await host.DisposeAsync();
    }
}
