using Hotplug.Abstractions.Faults;
using Hotplug.EndToEndTests.Programs;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Catalog;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Hotplug.EndToEndTests.Memory;

/// <summary>
/// A device that says nothing of its memory, has less than it says, allocates in small pieces only, or is lost: another plan or a typed failure that says what to do, and nothing is left behind.
/// </summary>
public sealed class DeviceHazardTests : IDisposable
{
    private static readonly int[] Prompt = [1, 2034, 722, 262, 524, 444, 311];

    private readonly Workplace _workplace = new();
    private readonly string _cards;

    public DeviceHazardTests() => _cards = FarCard.AddTo(_workplace);

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public async Task A_device_of_unknown_memory_is_used_and_the_plan_says_that_it_is_a_guess()
    {
        await using var bench = new Bench(this, ("report-memory", "false"));
        using var model = await bench.LoadAsync("auto");
        Assert.Equal(["far"], model.Executor.Plan.Devices.Select(d => d.Name));
        Assert.Contains(model.Executor.Plan.Notes, n => n.Contains("far does not say how much memory it has free", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whichever_allocation_finds_no_room_the_load_says_what_to_do_and_leaves_nothing()
        => await EachAllocationAsync("fail-allocation", failure =>
        {
            var refused = Assert.IsType<PlacementException>(failure);
            Assert.Equal(PlacementFailure.OutOfMemory, refused.Failure);
            Assert.Contains("--gpu-layers N", refused.Message);
            Assert.Contains("--backend cpu", refused.Message);
        });

    [Fact]
    public async Task Whichever_allocation_loses_the_device_the_load_fails_and_leaves_nothing()
        => await EachAllocationAsync("lose-device-at-allocation", failure => Assert.Equal(FaultKind.DeviceLost, Assert.IsType<BackendFaultException>(failure).Kind));

    [Theory]
    [InlineData("30 MiB")]
    [InlineData("7 MiB")]
    [InlineData("4 MiB")]
    [InlineData("1 KiB")]
    public async Task What_does_not_fit_a_device_stays_on_the_processor_when_the_choice_is_automatic(string memory)
    {
        await using var bench = new Bench(this, ("memory", memory));
        using var model = await bench.LoadAsync("auto");
        var plan = model.Executor.Plan;
        Assert.All(plan.Devices.Where(d => d.Name == "far"), d => Assert.InRange((ulong)plan.TotalsOf(d).TotalBytes, 1ul, d.Memory.Free!.Value));
        Assert.Equal(memory == "30 MiB", plan.Devices.All(d => d.Name == "far"));
        Assert.Equal(await ReferenceAsync(), Last(model));
    }

    [Theory]
    [InlineData("7 MiB")]
    [InlineData("5.5 MiB")]
    [InlineData("4 MiB")]
    [InlineData("3 MiB")]
    [InlineData("1 KiB")]
    public async Task An_automatic_choice_puts_as_many_layers_on_a_device_as_its_free_memory_takes(string memory)
    {
        await using var small = new Bench(this, ("memory", memory));
        await using var large = new Bench(this);
        var plan = await small.PlanAsync(new());
        var layers = Layers(plan);
        var free = plan.Request.Devices.Single(d => d.Name == "far").Memory.Free!.Value;
        if (layers > 0) Assert.InRange((ulong)FarBytes(plan), 1ul, free);
        // One more, and there would be less left than is kept free. A device with room enough says how much it would take.
        var more = await large.PlanAsync(new() { Backend = "far", OffloadedLayers = layers + 1 });
        Assert.Equal(layers + 1, Layers(more));
        Assert.True(FarBytes(more) > free * 0.9, $"{layers} layers were put on the device, and {layers + 1} would take {FarBytes(more)} of its {free} bytes.");

        static long FarBytes(LoadPlan plan) => plan.TotalsOf(plan.Devices.Single(d => d.Name == "far")).TotalBytes;
        static int Layers(LoadPlan plan)
        {
            var names = plan.Weights.Where(w => w.Device.Name == "far").Select(w => w.Weight.Name).ToList();
            return names.Where(n => n.StartsWith("blk.", StringComparison.Ordinal)).Select(n => n.Split('.')[1]).Distinct().Count() + (names.Contains("output_norm.weight") ? 1 : 0);
        }
    }

    [Fact]
    public async Task What_does_not_fit_a_named_device_is_refused_with_what_to_do()
    {
        await using var bench = new Bench(this, ("memory", "4 MiB"));
        var failure = await Assert.ThrowsAsync<PlacementException>(() => bench.LoadAsync("far"));
        Assert.Equal(PlacementFailure.OutOfMemory, failure.Failure);
        Assert.Contains("--gpu-layers", failure.Message);
        Assert.Equal(default, bench.Host.Space.Usage);
    }

    [Theory]
    [InlineData("2 MiB", false)]
    [InlineData("1 MiB", true)]
    [InlineData("64 KiB", true)]
    public async Task A_device_of_small_allocations_gets_what_fits_and_the_plan_says_what_does_not(string largest, bool moved)
    {
        await using var bench = new Bench(this, ("max-allocation", largest));
        foreach (var backend in new[] { "auto", "far" })
        {
            using var model = await bench.LoadAsync(backend);
            var plan = model.Executor.Plan;
            Assert.Equal(moved, plan.Devices.Any(d => d.Name == "cpu"));
            Assert.Equal(moved, plan.Notes.Any(n => n.Contains("because far refused them", StringComparison.Ordinal) && n.Contains("in one piece", StringComparison.Ordinal)));
            Assert.Equal(await ReferenceAsync(), Last(model));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_device_lost_while_it_runs_is_a_typed_failure_and_leaves_nothing(int run)
    {
        var log = new List<string>();
        await using (var bench = new Bench(this, log, ("lose-device-after", run.ToString())))
        {
            using (var model = await bench.LoadAsync("auto"))
            using (var sequence = model.Executor.NewSequence())
            {
                var batch = new StepBatch();
                for (var i = 1; i <= run; i++)
                {
                    batch.Clear();
                    batch.Add(sequence, [Prompt[i]], 1);
                    if (i < run) model.Executor.Run(batch, TestContext.Current.CancellationToken);
                    else Assert.Equal(FaultKind.DeviceLost, Assert.Throws<BackendFaultException>(() => model.Executor.Run(batch)).Kind);
                }
                Assert.Equal(run - 1, sequence.Length);
            }
            Assert.Equal(default, bench.Host.Space.Usage);
        }
        Assert.DoesNotContain(log, line => line.Contains("not disposed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--backend far --gpu-layers 2")]
    [InlineData("--place blk.*.ffn_*=far --backend cpu")]
    public async Task A_step_copies_as_often_and_as_much_as_the_plan_says(string wishes)
    {
        using var command = new Cli.CommandLine();
        string[] flags = [.. wishes.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--plugins", _cards];
        var planned = (await command.JsonAsync(["plan", "--json", .. flags])).GetProperty("copiesPerToken").EnumerateArray().ToList();
        var (few, many) = (await Copies(2), await Copies(7));
        Assert.Equal((5 * planned.Count, 5 * planned.Sum(c => c.GetProperty("bytes").GetInt64())), (many.Count - few.Count, many.Bytes - few.Bytes));
        Assert.Equal(wishes == "", planned.Count == 0);

        async Task<(long Count, long Bytes)> Copies(int tokens)
        {
            var run = await command.JsonAsync(["run", "Once upon a time", "--temp", "0", "-n", tokens.ToString(), "--ignore-eos", "--json", .. flags]);
            return (run.GetProperty("copiesBetweenDevices").GetInt64(), run.GetProperty("bytesBetweenDevices").GetInt64());
        }
    }

    [Theory]
    [InlineData(6, "--gpu-layers N", "far.kind=gpu", "far.fail-allocation=2")]
    [InlineData(6, "--gpu-layers", "far.memory=1MiB", "far.kind=emulation", "--backend", "far")]
    [InlineData(5, "--backend cpu", "far.kind=gpu", "far.lose-device-at-allocation=2")]
    [InlineData(5, "no other place took over", "far.kind=gpu", "far.lose-device-after=2", "--failover", "off")]
    public async Task The_command_line_says_it_in_one_message(int code, string says, string first, string second, params string[] more)
    {
        using var command = new Cli.CommandLine();
        var result = await command.RunAsync(["run", "Once", "-n", "4", "--plugins", _cards, "--set", first, "--set", second, .. more]);
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(says, result.Error);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.StartsWith("hotplug:", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", result.Error);
    }

    private async Task EachAllocationAsync(string setting, Action<Exception> check)
    {
        var failed = 0;
        for (var loaded = false; !loaded;)
        {
            var log = new List<string>();
            await using (var bench = new Bench(this, log, (setting, (failed + 1).ToString())))
            {
                var failure = await Record.ExceptionAsync(async () => (await bench.LoadAsync("auto")).Dispose());
                Assert.Equal(default, bench.Host.Space.Usage);
                if (failure is not null) check(failure);
                loaded = failure is null;
            }
            Assert.DoesNotContain(log, line => line.Contains("not disposed", StringComparison.Ordinal));
            if (!loaded) failed++;
        }
        // Weights, workspace, exchange and cache are several allocations each.
        Assert.InRange(failed, 8, 200);
    }

    private async Task<int> ReferenceAsync()
    {
        await using var bench = new Bench(this);
        using var model = await bench.LoadAsync("cpu");
        return Last(model);
    }

    private static int Last(LanguageModel model)
    {
        using var sequence = model.Executor.NewSequence();
        var batch = new StepBatch();
        foreach (var token in Prompt)
        {
            batch.Clear();
            batch.Add(sequence, [token], 1);
            model.Executor.Run(batch);
        }
        var logits = model.Executor.Output(0);
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best]) best = i;
        return best;
    }

    /// <summary>A host of models on the processor and the far device.</summary>
    private sealed class Bench : IAsyncDisposable, ILoggerFactory, ILogger
    {
        private readonly BackendCatalog _catalog;
        private readonly List<string> _log;

        public Bench(DeviceHazardTests tests, params (string Key, string Value)[] settings) : this(tests, [], settings) { }

        public Bench(DeviceHazardTests tests, List<string> log, params (string Key, string Value)[] settings)
        {
            _log = log;
            _catalog = new(new()
            {
                PluginDirectories = [tests._cards],
                Settings = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["far"] = settings.Append(("kind", "gpu")).ToDictionary() },
            }, this);
            Host = new(_catalog);
        }

        public ModelHost Host { get; }

        public Task<LanguageModel> LoadAsync(string backend)
            => Host.LoadAsync(ModelSource.Open(Repository.StoryModel), Options(new() { Backend = backend }), cancellation: TestContext.Current.CancellationToken);

        public async Task<LoadPlan> PlanAsync(PlacementOptions placement)
        {
            using var devices = await Host.OpenDevicesAsync(Options(placement), "tests", TestContext.Current.CancellationToken);
            return ModelSource.Open(Repository.StoryModel).Plan(devices.Devices, Options(placement));
        }

        private static ModelOptions Options(PlacementOptions placement) => new() { Placement = placement, Context = 64, BatchTokens = 64 };

        public async ValueTask DisposeAsync()
        {
            Host.Dispose();
            await _catalog.DisposeAsync();
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) { }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_log) _log.Add(formatter(state, exception));
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        void IDisposable.Dispose() { }
    }
}
