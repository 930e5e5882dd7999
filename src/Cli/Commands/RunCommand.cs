using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Cli.Output;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Saving;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Faults;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug run [MODEL] "prompt"</c>: writes on from a prompt.</summary>
internal sealed class RunCommand : Command
{
    private readonly Argument<string[]> _words = new("[MODEL] PROMPT") { Description = "The prompt; with two words the first is the model (a GGUF file, or the first of several). Without a model the embedded one runs.", Arity = new(0, 2) };
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document with text, tokens, timings and receipt" };
    private readonly Option<string?> _save = new("--save") { Description = "Save the generation with its KV cache when the run ends, or is interrupted", HelpName = "FILE" };
    private readonly Option<string?> _restore = new("--restore") { Description = "Go on with a generation that was saved, on any device, without evaluating its tokens again; takes no prompt", HelpName = "FILE" };
    private readonly Option<string> _restoreCache = new("--restore-cache") { Description = "What becomes of the saved KV cache: exact, convert (to another --kv-type) or recompute", HelpName = "HOW", DefaultValueFactory = _ => "exact" };
    private readonly Option<bool> _trace = new("--startup-trace") { Description = "Say on stderr where the time to the first token went" };
    private readonly GenerationFlags _generation = new();
    private readonly ModelFlags _flags = new();
    private readonly DraftFlags _draft = new();
    private readonly LiveFlags _live = new();

    public RunCommand() : base("run", "Write on from a prompt, or from a saved generation")
    {
        Add(_words);
        _generation.AddTo(this);
        foreach (var option in new Option[] { _save, _restore, _restoreCache, _json, _trace }) Add(option);
        _flags.AddTo(this);
        _draft.AddTo(this);
        _live.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var trace = arguments.GetValue(_trace) ? new StartupTrace() : null;
        var (save, restore) = (arguments.GetValue(_save), arguments.GetValue(_restore));
        var (path, prompt) = Words(arguments.GetValue(_words)!, restore);
        var verbose = _flags.Engine.Verbose(arguments);
        var saved = restore is null ? null : Saved(restore);
        var generation = _generation.Read(arguments, saved?.Options);
        var options = _draft.Extend(arguments, LoadOptions(arguments, saved)) with { Failover = _live.Failover(arguments) };
        var cache = Cache(arguments, restore);
        var json = arguments.GetValue(_json);
        if (save is not null && !GenerationFile.MayReplace(save)) throw new UsageException($"'{save}' is there, and is no saved generation: it is left as it is. Give --save another name.");

        await using var engine = new Engine(_flags.Engine.Read(arguments));
        engine.BeginOpening(options);
        trace?.Mark("plugins found");
        var start = Stopwatch.GetTimestamp();
        var source = _flags.Open(arguments, path);
        trace?.Mark("model file opened");
        using var model = await Loading.LoadAsync(engine, source, options, verbose, cancellation, trace: trace);
        trace?.Mark("model loaded");
        var draft = await _draft.LoadAsync(arguments, engine, model, verbose, cancellation);
        using var draftModel = draft?.Model;
        using var drafter = draft?.Drafter;
        await using var live = _live.Begin(arguments, engine, verbose);
        var loaded = Stopwatch.GetElapsedTime(start);

        // One that is to be saved is not ended by the number of tokens: what is held back of its text stays in the file, and comes when it goes on.
        var (before, limit) = (saved is null ? 0 : saved.State.Tokens.Count - saved.State.PromptLength, generation.MaxTokens);
        generation = generation with { MaxTokens = save is null ? (int)Math.Min((long)before + limit, int.MaxValue) : int.MaxValue };
        using var generator = restore is null ? Begin(model, prompt!, generation)
            : await TextGenerator.RestoreAsync(model, restore, new() { Generation = generation, Cache = cache }, cancellation);
        generator.Drafter = drafter;
        trace?.Mark("prompt read");
        var output = Console.Out;
        var text = json ? new StringWriter(CultureInfo.InvariantCulture) : output;
        var clock = Stopwatch.StartNew();
        TimeSpan first = default;
        try
        {
            while ((save is null || generator.GeneratedCount - before < limit) && generator.Next(out var piece, cancellation))
            {
                if (first == default)
                {
                    first = clock.Elapsed;
                    trace?.Mark("prompt evaluated, first token");
                }
                if (piece.Length == 0) continue;
                text.Write(piece);
                if (!json) output.Flush();
            }
        }
        finally
        {
            if (!json && !Console.IsOutputRedirected) output.WriteLine();
            // Also of a run that was interrupted, or whose device failed: the generation is as good as before.
            if (save is not null) await SaveAsync(generator, save, verbose, cancellation);
        }

        var timings = new RunTimings(loaded, first, clock.Elapsed, generator.EvaluatedCount - Math.Max(0, generator.GeneratedCount - before - 1), generator.GeneratedCount - before);
        if (json) output.WriteLine(RunDocument.From(path, prompt, text.ToString()!, generator, timings, generation.Sampler.Seed, model, drafter, saved?.State).ToJson());
        if (trace is not null) Console.Error.WriteLine(trace.ToText());
        if (verbose) Console.Error.WriteLine(timings.ToText(RunDocument.FinishOf(generator), generation.Sampler.Seed, model.Executor.Copies, drafter));
        if (drafter?.Failure is { } failure) Console.Error.WriteLine($"note: the draft model failed, and the text went on without it: {failure}");
        if (generator.Finish == FinishReason.ContextFull)
            Console.Error.WriteLine($"hotplug: stopped because the context of {model.Context} tokens is full. Load with a longer --context, or let it --slide.");
        return ExitCode.Done;
    }

    private static (string Path, string? Prompt) Words(string[] words, string? restore)
    {
        if (restore is not null)
            return words.Length switch
            {
                0 => (EmbeddedModel.Path, null),
                1 when File.Exists(words[0]) => (words[0], null),
                _ => throw new UsageException($"'{words[^1]}' is no model, and a restored generation takes no prompt: it goes on where it was saved. Type: hotplug run [MODEL] --restore {restore}"),
            };
        if (words.Length == 0) throw new UsageException("The prompt is missing. Type: hotplug run \"Once upon a time\"; hotplug run --help lists the options.");
        if (words.Length == 1 && words[0].EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && File.Exists(words[0]))
            throw new UsageException($"'{words[0]}' is a model, and the prompt is missing. Type: hotplug run {words[0]} \"Once upon a time\"");
        return words.Length == 2 ? (words[0], words[1]) : (EmbeddedModel.Path, words[0]);
    }

    private static SavedGeneration Saved(string path)
    {
        using var file = GenerationFile.Open(path);
        return file.Saved;
    }

    /// <summary>How the model is loaded: a restored generation finds the context and the cache it was saved with, unless flags say otherwise.</summary>
    private ModelOptions LoadOptions(ParseResult arguments, SavedGeneration? saved)
    {
        if (saved is null) return _flags.Read(arguments);
        var options = saved.Cache.Layers is [var layer, ..] ? _flags.Read(arguments, layer.KeyType) : _flags.Read(arguments);
        return options with { Context = options.Context ?? saved.Context };
    }

    private CacheRestore Cache(ParseResult arguments, string? restore)
    {
        var word = arguments.GetValue(_restoreCache)!;
        if (restore is null && arguments.GetResult(_restoreCache) is { Implicit: false })
            throw new UsageException($"--restore-cache {word} has no effect without --restore FILE.");
        return word.ToLowerInvariant() switch
        {
            "exact" => CacheRestore.Exact,
            "convert" => CacheRestore.Convert,
            "recompute" => CacheRestore.Recompute,
            _ => throw new UsageException($"'{word}' is no value of --restore-cache. Type exact, convert or recompute."),
        };
    }

    private static TextGenerator Begin(LanguageModel model, string prompt, GenerationOptions options)
    {
        var tokens = model.Tokenizer.Encode(prompt, addSpecial: true);
        if (tokens.Length == 0) throw new UsageException("The prompt is empty, and this model has no token that begins a text. Type a prompt.");
        return new(model, tokens, options);
    }

    private static async Task SaveAsync(TextGenerator generator, string path, bool verbose, CancellationToken cancellation)
    {
        // Who was interrupted is given a moment: the tokens come first, which takes none, and the cache replaces them if there is time.
        if (cancellation.IsCancellationRequested) await generator.SaveAsync(path, cache: false, CancellationToken.None);
        try
        {
            await generator.SaveAsync(path, cancellation: CancellationToken.None);
        }
        catch (BackendFaultException fault)
        {
            await generator.SaveAsync(path, cache: false, CancellationToken.None);
            Console.Error.WriteLine($"note: saved without its cache, since {fault.Message}");
        }
        if (verbose) Console.Error.WriteLine($"saved to {path}: {generator.Tokens.Length} tokens, {SizeText.Show(new FileInfo(path).Length)}");
    }
}
