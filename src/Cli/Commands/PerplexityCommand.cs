using System.CommandLine;
using System.Text;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Cli.Output;
using Hotplug.Inference.Evaluation;
using Hotplug.Inference.Models;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug perplexity MODEL FILE</c>: how well a model foretells a text, in numbers that compare with those of llama-perplexity.</summary>
internal sealed class PerplexityCommand : Command
{
    private readonly Argument<string> _model = ModelArgument.Required();
    private readonly Argument<string> _file = new("FILE") { Description = "The text, UTF-8" };
    private readonly Option<int?> _chunks = new("--chunks") { Description = "Chunks to measure (default: all)", HelpName = "N" };
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document" };
    private readonly ModelFlags _flags = new();

    public PerplexityCommand() : base("perplexity", "Measure how well a model foretells a text: chunks of a context of 512 unless --context says otherwise, the second half of each scored")
    {
        Add(_model);
        Add(_file);
        Add(_chunks);
        Add(_json);
        _flags.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var most = arguments.GetValue(_chunks);
        if (most is < 1) throw new UsageException("--chunks has to be 1 or more.");
        var text = await File.ReadAllTextAsync(arguments.GetValue(_file)!, new UTF8Encoding(false), cancellation);
        var source = _flags.Open(arguments, arguments.GetValue(_model)!);
        var options = PerplexityMeter.Options(_flags.Read(arguments));
        if (options.Context < 4) throw new UsageException("--context has to be 4 or more, so that there is something to score.");
        await using var engine = new Engine(_flags.Engine.Read(arguments));
        var verbose = _flags.Engine.Verbose(arguments);
        using var model = await Loading.LoadAsync(engine, source, options, verbose, cancellation);
        var meter = new PerplexityMeter(model);
        var chunks = meter.Cut(text);
        var count = Math.Min(most ?? chunks.Count, chunks.Count);
        for (var i = 0; i < count; i++)
        {
            meter.Measure(chunks[i].Span, cancellation);
            if (verbose) Console.Error.WriteLine($"[{i + 1}/{count}] {meter.Estimate.Perplexity:0.0000}");
        }
        var estimate = meter.Estimate;
        var document = new PerplexityDocument
        {
            Model = arguments.GetValue(_model)!,
            Backend = string.Join("+", model.Executor.Plan.Devices.Select(d => d.Name)),
            KvType = options.KvType.ToString(),
            Context = model.Context,
            Chunks = estimate.Chunks,
            TokensScored = estimate.Tokens,
            Perplexity = estimate.Perplexity,
            Uncertainty = estimate.Uncertainty,
        };
        Console.Out.WriteLine(arguments.GetValue(_json)
            ? document.ToJson()
            : $"{estimate.Perplexity:0.0000} ± {estimate.Uncertainty:0.0000} ({estimate.Tokens} tokens in {estimate.Chunks} chunks of {model.Context})");
        return ExitCode.Done;
    }
}
