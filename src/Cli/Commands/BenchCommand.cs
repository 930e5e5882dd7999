using System.CommandLine;
using System.Diagnostics;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Cli.Output;
using Hotplug.Cli.Roofline;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug bench [MODEL]</c>: tokens per second of prompts and of generation, as llama-bench measures them: random tokens, no sampling, behind --depth tokens of context.</summary>
internal sealed class BenchCommand : Command
{
    private readonly Argument<string> _model = ModelArgument.Optional();
    private readonly Option<int> _prompt = new("-p", "--prompt") { Description = "Tokens of the prompt; 0 to leave it out", HelpName = "N", DefaultValueFactory = _ => 512 };
    private readonly Option<int> _count = new("-n", "--tokens") { Description = "Tokens to generate; 0 to leave it out", HelpName = "N", DefaultValueFactory = _ => 128 };
    private readonly Option<int> _depth = new("-d", "--depth") { Description = "Tokens in the cache before what is measured", HelpName = "N" };
    private readonly Option<bool> _cold = new("--no-warmup") { Description = "Count from the first run on" };
    private readonly Option<int> _runs = new("-r", "--runs") { Description = "Repetitions, after one that is not counted", HelpName = "N", DefaultValueFactory = _ => 3 };
    private readonly Option<bool> _roofline = new("--roofline") { Description = "Measure what the device can do at most (seconds), and state the results as shares of it" };
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document" };
    private readonly ModelFlags _flags = new();

    public BenchCommand() : base("bench", "Measure tokens per second")
    {
        foreach (var option in new Option[] { _prompt, _count, _depth, _runs, _cold, _roofline, _json }) Add(option);
        Add(_model);
        _flags.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var (prompt, count, depth, runs) = (arguments.GetValue(_prompt), arguments.GetValue(_count), arguments.GetValue(_depth), arguments.GetValue(_runs));
        if (prompt < 0 || count < 0 || runs < 1 || prompt + count == 0) throw new UsageException("There is nothing to measure: give -p and -n from 0 on, not both 0, and -r from 1 on.");
        if (depth < 0) throw new UsageException($"--depth {depth} makes no sense. Type a number from 0 on.");
        var path = arguments.GetValue(_model)!;
        var source = _flags.Open(arguments, path);
        var options = _flags.Read(arguments);
        var longest = (long)depth + Math.Max(prompt, count);
        if (longest > (options.Context ?? int.MaxValue)) throw new UsageException($"{longest} tokens do not fit --context {options.Context ?? int.MaxValue}.");
        options = options with { Context = options.Context ?? (int)longest };
        // A slip of a digit may take hours: each token looks back on all before it.
        if (longest > source.Description.TrainedContext)
            Console.Error.WriteLine($"note: {longest} tokens are more than the {source.Description.TrainedContext} that the model was trained with; speeds are measured all the same");

        var started = _flags.Engine.Read(arguments);
        await using var engine = new Engine(started);
        var clock = Stopwatch.StartNew();
        using var model = await Loading.LoadAsync(engine, source, options, _flags.Engine.Verbose(arguments), cancellation);
        var load = clock.Elapsed;
        using var runner = new BenchRunner(model, depth);
        clock.Restart();
        runner.Prefill(1, cancellation);
        var first = clock.Elapsed;
        var warmUp = !arguments.GetValue(_cold);
        var plan = model.Executor.Plan;
        var measured = arguments.GetValue(_roofline) ? RooflineReport.DeviceOf(plan) : null;
        var prefill = prompt == 0 ? null : runner.Measure(prompt, runs, warmUp, runner.Prefill, cancellation);
        var decode = count == 0 ? null : runner.Measure(count, runs, warmUp, runner.Decode, cancellation);
        var document = new BenchDocument
        {
            Model = path,
            Backend = string.Join("+", plan.Devices.Select(d => d.Name)),
            Threads = started.Threads ?? Environment.ProcessorCount,
            Settings = [.. started.Settings.SelectMany(backend => backend.Value.Select(setting => $"{backend.Key}.{setting.Key}={setting.Value}"))],
            KvType = options.KvType.ToString(),
            Depth = depth,
            LoadMilliseconds = load.TotalMilliseconds,
            FirstTokenMilliseconds = first.TotalMilliseconds,
            Prefill = prefill,
            Decode = decode,
            ResidentBytes = ProcessMemory.Resident,
            PeakResidentBytes = ProcessMemory.PeakResident,
            AnonymousBytes = ProcessMemory.Anonymous,
            KvBytes = plan.KvCaches.Sum(k => k.Bytes),
            WorkspaceBytes = plan.Devices.Select(plan.TotalsOf).Sum(t => t.WorkspaceBytes + t.ExchangeBytes),
        };
        // Last, since it takes memory of its own.
        if (measured is not null)
        {
            var (limits, work) = (RooflineReport.Measure(measured, path, cancellation), ModelWork.Of(plan));
            document = document with
            {
                Roofline = limits,
                PrefillShareOfPeak = prefill is null ? null : RooflineReport.ShareOfPeak(limits, work, prompt, prefill.TokensPerSecond),
                DecodeShareOfBandwidth = decode is null ? null : RooflineReport.ShareOfBandwidth(limits, work, decode.TokensPerSecond),
            };
        }
        Console.Out.WriteLine(arguments.GetValue(_json) ? document.ToJson() : Text(document));
        return ExitCode.Done;
    }

    private static string Text(BenchDocument bench)
    {
        var lines = new List<string> { $"{Path.GetFileName(bench.Model)} on {bench.Backend}, {bench.Threads} threads, {string.Concat(bench.Settings.Select(s => $"{s}, "))}KV {bench.KvType}{(bench.Depth > 0 ? $", behind {bench.Depth} tokens" : "")}" };
        if (bench.Prefill is { } prefill) lines.Add($"  prefill {prefill.Tokens,5}  {prefill.TokensPerSecond,9:0.0} tokens/s  ({string.Join(", ", prefill.Runs.Select(r => r.ToString("0.0")))}), {prefill.AllocatedBytesPerToken:0.##} bytes allocated per token{Share(bench.PrefillShareOfPeak, "of the fastest arithmetic")}");
        if (bench.Decode is { } decode) lines.Add($"  decode  {decode.Tokens,5}  {decode.TokensPerSecond,9:0.0} tokens/s  ({string.Join(", ", decode.Runs.Select(r => r.ToString("0.0")))}), {decode.AllocatedBytesPerToken:0.##} bytes allocated per token{Share(bench.DecodeShareOfBandwidth, "of the bandwidth")}");
        if (bench.Roofline is { } limits) lines.AddRange(RooflineReport.Text(limits));
        lines.Add($"  loaded in {bench.LoadMilliseconds:0} ms, first token {bench.FirstTokenMilliseconds:0} ms later; resident {SizeText.Show(bench.ResidentBytes)} (peak {SizeText.Show(bench.PeakResidentBytes)}), {SizeText.Show(bench.AnonymousBytes)} of it anonymous; KV cache {SizeText.Show(bench.KvBytes)}, workspace {SizeText.Show(bench.WorkspaceBytes)}");
        return string.Join(Environment.NewLine, lines);
    }
    private static string Share(double? share, string of) => share is { } value ? $", {value:0 %} {of}" : "";
}
