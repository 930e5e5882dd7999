using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Cli.Output;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Hotplug.Inference.Sampling;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug run [MODEL] "prompt"</c>: writes on from a prompt.</summary>
internal sealed class RunCommand : Command
{
    private readonly Argument<string[]> _words = new("[MODEL] PROMPT") { Description = "The prompt; with two words the first is the model (a GGUF file, or the first of several). Without a model the embedded one runs.", Arity = new(1, 2) };
    private readonly Option<int> _count = new("-n", "--tokens") { Description = "Tokens to write at most", HelpName = "TOKENS", DefaultValueFactory = _ => 128 };
    private readonly Option<float> _temperature = new("--temp") { Description = "Temperature; 0 is greedy", HelpName = "T", DefaultValueFactory = _ => 0.8f };
    private readonly Option<int> _topK = new("--top-k") { Description = "Choose among the K most likely tokens; 0 for all", HelpName = "K", DefaultValueFactory = _ => 40 };
    private readonly Option<float> _topP = new("--top-p") { Description = "Choose among the most likely tokens that make up P", HelpName = "P", DefaultValueFactory = _ => 0.95f };
    private readonly Option<float> _minP = new("--min-p") { Description = "Choose among tokens at least P times as likely as the most likely", HelpName = "P", DefaultValueFactory = _ => 0.05f };
    private readonly Option<float> _repeat = new("--repeat-penalty") { Description = "Penalty of tokens that were there before; 1 for none", HelpName = "X", DefaultValueFactory = _ => 1f };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "Seed of the choice (default: random, shown with -v)", HelpName = "N" };
    private readonly Option<string[]> _stop = new("--stop") { Description = "Stop before this text (repeatable)", HelpName = "TEXT" };
    private readonly Option<bool> _slide = new("--slide") { Description = "When the context is full, forget its older half and go on instead of stopping" };
    private readonly Option<bool> _ignoreEnd = new("--ignore-eos") { Description = "Go on when the model wants to end" };
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document with text, tokens, timings and receipt" };
    private readonly ModelFlags _flags = new();
    private readonly LiveFlags _live = new();

    public RunCommand() : base("run", "Write on from a prompt")
    {
        Add(_words);
        foreach (var option in new Option[] { _count, _temperature, _topK, _topP, _minP, _repeat, _seed, _stop, _slide, _ignoreEnd, _json }) Add(option);
        _flags.AddTo(this);
        _live.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var words = arguments.GetValue(_words)!;
        var (path, prompt) = words.Length == 2 ? (words[0], words[1]) : (EmbeddedModel.Path, words[0]);
        if (words.Length == 1 && prompt.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && File.Exists(prompt))
            throw new UsageException($"'{prompt}' is a model, and the prompt is missing. Type: hotplug run {prompt} \"Once upon a time\"");
        var verbose = _flags.Engine.Verbose(arguments);
        var seed = arguments.GetValue(_seed) ?? (ulong)Random.Shared.NextInt64();
        var generation = Generation(arguments, seed);
        var options = _flags.Read(arguments) with { Failover = _live.Failover(arguments) };
        var json = arguments.GetValue(_json);

        await using var engine = new Engine(_flags.Engine.Read(arguments));
        var start = Stopwatch.GetTimestamp();
        using var model = await Loading.LoadAsync(engine, ModelSource.Open(path), options, verbose, cancellation);
        await using var live = _live.Begin(arguments, engine, verbose);
        var loaded = Stopwatch.GetElapsedTime(start);

        var tokens = model.Tokenizer.Encode(prompt, addSpecial: true);
        if (tokens.Length == 0) throw new UsageException("The prompt is empty, and this model has no token that begins a text. Type a prompt.");
        using var generator = new TextGenerator(model, tokens, generation);
        var output = Console.Out;
        var text = json ? new StringWriter(CultureInfo.InvariantCulture) : output;
        var clock = Stopwatch.StartNew();
        TimeSpan first = default;
        try
        {
            while (generator.Next(out var piece, cancellation))
            {
                if (generator.GeneratedCount == 1 && first == default) first = clock.Elapsed;
                if (piece.Length == 0) continue;
                text.Write(piece);
                if (!json) output.Flush();
            }
        }
        finally
        {
            if (!json && !Console.IsOutputRedirected) output.WriteLine();
        }

        var timings = new RunTimings(loaded, first, clock.Elapsed, tokens.Length, generator.GeneratedCount);
        if (json) output.WriteLine(RunDocument.From(path, prompt, text.ToString()!, generator, timings, seed, model).ToJson());
        if (verbose) Console.Error.WriteLine(timings.ToText(generator.Finish, seed, model.Executor.Copies));
        if (generator.Finish == FinishReason.ContextFull)
            Console.Error.WriteLine($"hotplug: stopped because the context of {model.Context} tokens is full. Load with a longer --context, or let it --slide.");
        return ExitCode.Done;
    }

    private GenerationOptions Generation(ParseResult arguments, ulong seed)
    {
        var count = arguments.GetValue(_count);
        if (count < 0) throw new UsageException($"-n {count} makes no sense. Type a number from 0 on.");
        var options = new GenerationOptions
        {
            MaxTokens = count,
            StopStrings = arguments.GetValue(_stop) ?? [],
            Overflow = arguments.GetValue(_slide) ? ContextOverflow.Slide : ContextOverflow.Stop,
            IgnoreEndOfGeneration = arguments.GetValue(_ignoreEnd),
            Sampler = new SamplerOptions
            {
                Temperature = arguments.GetValue(_temperature),
                TopK = arguments.GetValue(_topK),
                TopP = arguments.GetValue(_topP),
                MinP = arguments.GetValue(_minP),
                RepetitionPenalty = arguments.GetValue(_repeat),
                Seed = seed,
            },
        };
        options.Sampler.ThrowIfInvalid();
        return options;
    }
}
