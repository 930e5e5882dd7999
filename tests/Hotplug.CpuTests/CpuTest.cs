using Hotplug.Cpu;
using Hotplug.Testing.Fixtures;
using Xunit;

namespace Hotplug.CpuTests;

/// <summary>Base of tests on running backends: one per instruction set of this machine and number of threads. Ending them checks guards and leftovers.</summary>
public abstract class CpuTest : IAsyncLifetime
{
    private readonly List<BackendRun> _runs = [], _others = [];

    /// <summary>Bits of quantised activations.</summary>
    protected virtual int ActivationBits => 16;

    /// <summary>Every instruction set with one thread, and the best with several.</summary>
    protected IReadOnlyList<BackendRun> Runs => _runs;

    protected BackendRun Best => _runs[^1];

    public async ValueTask InitializeAsync()
    {
        await StartAllAsync(_runs, ActivationBits);
    }

    /// <summary>The same backends with activations of other bits.</summary>
    protected async Task<IReadOnlyList<BackendRun>> StartAllAsync(int bits)
    {
        await StartAllAsync(_others, bits);
        return _others;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs.Concat(_others)) await run.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static async Task StartAllAsync(List<BackendRun> runs, int bits)
    {
        foreach (var set in Enum.GetValues<InstructionSet>())
            if (InstructionSets.Runs(set)) runs.Add(await StartAsync(set.ToString(), 1, bits));
        runs.Add(await StartAsync("auto", 2, bits));
        runs.Add(await StartAsync("auto", 3, bits));
    }

    private static Task<BackendRun> StartAsync(string set, int threads, int bits)
        => new CpuFixture().StartAsync(null, new Dictionary<string, string> { ["isa"] = set, ["threads"] = threads.ToString(), ["activations"] = bits.ToString() });
}
