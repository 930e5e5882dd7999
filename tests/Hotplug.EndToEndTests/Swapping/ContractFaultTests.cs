using System.Collections.Concurrent;
using Hotplug.Inference.Deployment;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Placement;
using Xunit;

namespace Hotplug.EndToEndTests.Swapping;

/// <summary>
/// A life of a model during which one call of the contract fails, from its first or a later time on: text begins on the processor, goes to the failing device, is split over both and
/// comes back. Whatever fails, the text is the one without the failure, and what was refused or left says why in one line.
/// </summary>
public sealed class ContractFaultTests
{
    private const int Tokens = 22;

    // Long enough for the slowest call that comes back, on a machine with other work.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private static readonly Lazy<Task<int[]>> Reference = new(async () =>
    {
        await using var bench = new SwapBench();
        return await bench.ReferenceAsync(Tokens);
    });

    /// <summary>Calls, and from which number on they fail: at the first, and where there are many, in the middle of the text.</summary>
    private static readonly (string Call, int[] Numbers)[] Calls =
    [
        ("Create", [1]), ("Info", [1]), ("Devices", [1]), ("DeviceInfo", [1, 4]), ("BufferTypes", [1, 6]), ("BufferTypeFacts", [1, 9]), ("QueryMemory", [1]),
        ("Supports", [1, 60]), ("PrepareKvCache", [1]), ("Prepare", [1, 2]), ("AllocationSize", [1, 20]), ("Allocate", [1, 5]), ("BufferFacts", [1]), ("Write", [1, 50]),
        ("Read", [1, 8]), ("Compile", [1, 2]), ("Run", [1, 8]), ("FenceWait", [1, 7]), ("FenceFault", [1, 6]), ("KvRead", [1, 3]), ("KvWrite", [1, 5]),
        ("DisposeExecutable", [1]), ("DisposeBuffer", [1]), ("DisposeBackend", [1]), ("DisposePlugin", [1]),
    ];

    /// <summary>What has no answer that could be garbage.</summary>
    private static readonly string[] Silent = ["Write", "KvWrite", "DisposeExecutable", "DisposeBuffer", "DisposeBackend", "DisposePlugin"];

    public static TheoryData<string> Faults => [.. from call in Calls from number in call.Numbers from failure in new[] { "throw", "lost", "garbage" }
        where failure != "garbage" || !Silent.Contains(call.Call) select $"{call.Call}:{failure}:{number}"];

    [Theory]
    [MemberData(nameof(Faults))]
    public Task A_failing_call_costs_no_token(string fault) => LiveAsync(fault);

    /// <summary>Several at once, since each waits until a call is given up; on threads of their own, since much of that waiting blocks.</summary>
    [Fact]
    public async Task A_call_that_does_not_come_back_costs_no_token()
    {
        using var release = new ManualResetEvent(false);
        AppContext.SetData("Hotplug.FarMemory.Release", release);
        try
        {
            var faults = new ConcurrentQueue<string>(from call in Calls from number in call.Numbers select $"{call.Call}:hang:{number}");
            var lives = Enumerable.Range(0, 12).Select(_ => Task.Factory.StartNew(() =>
            {
                while (faults.TryDequeue(out var fault)) LiveAsync(fault).GetAwaiter().GetResult();
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            await Task.WhenAll(lives);
        }
        finally
        {
            release.Set();
            AppContext.SetData("Hotplug.FarMemory.Release", null);
        }
    }

    private static async Task LiveAsync(string fault)
    {
        AppContext.SetData("Hotplug.FarMemory.Failed:" + fault, null);
        var reference = await Reference.Value;
        await using (var bench = new SwapBench(new ModelHostOptions { CallTimeout = Patience }, ("fault", fault)))
        {
            using var model = await bench.LoadAsync("cpu", o => o with { Failover = new() { Backends = ["cpu"] } });
            using var generator = SwapBench.Begin(model, Tokens);
            SwapBench.Write(generator, 3);
            await PlaceAsync(model, SwapBench.On("far"));
            SwapBench.Write(generator, 6);
            await PlaceAsync(model, SwapBench.On("far", 3));
            SwapBench.Write(generator, 4);
            await PlaceAsync(model, SwapBench.On("cpu"));
            Assert.True(reference.AsSpan().SequenceEqual(SwapBench.Finish(generator)), $"{fault}: the text is another.");
            lock (bench.Steps) Assert.All(bench.Steps, s => Assert.False(s.Reason.Contains('\n', StringComparison.Ordinal) || s.Reason.Length == 0, $"{fault}: '{s.Reason}' is not one line."));
        }
        // Some are called when everything ends.
        Assert.True(AppContext.GetData("Hotplug.FarMemory.Failed:" + fault) is true, $"{fault}: there was no such call.");
    }

    private static async Task PlaceAsync(LanguageModel model, PlacementOptions placement)
    {
        try
        {
            await model.PlaceAsync(placement, new() { ProbationSteps = 3 });
        }
        catch (SwapRefusedException refused)
        {
            Assert.DoesNotContain('\n', refused.Message);
        }
    }
}
