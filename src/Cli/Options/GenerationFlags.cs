using System.CommandLine;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Grammars.Json;
using Hotplug.Inference.Sampling;

namespace Hotplug.Cli.Options;

/// <summary>The flags that say how text is generated.</summary>
internal sealed class GenerationFlags(int defaultCount = 128)
{
    private readonly Option<int> _count = new("-n", "--tokens") { Description = "Tokens to write at most", HelpName = "TOKENS", DefaultValueFactory = _ => defaultCount };
    private readonly Option<float> _temperature = new("--temp") { Description = "Temperature; 0 is greedy", HelpName = "T", DefaultValueFactory = _ => 0.8f };
    private readonly Option<int> _topK = new("--top-k") { Description = "Choose among the K most likely tokens; 0 for all", HelpName = "K", DefaultValueFactory = _ => 40 };
    private readonly Option<float> _topP = new("--top-p") { Description = "Choose among the most likely tokens that make up P", HelpName = "P", DefaultValueFactory = _ => 0.95f };
    private readonly Option<float> _minP = new("--min-p") { Description = "Choose among tokens at least P times as likely as the most likely", HelpName = "P", DefaultValueFactory = _ => 0.05f };
    private readonly Option<float> _repeat = new("--repeat-penalty") { Description = "Penalty of tokens that were there before; 1 for none", HelpName = "X", DefaultValueFactory = _ => 1f };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "Seed of the choice (default: random, shown with -v)", HelpName = "N" };
    private readonly Option<string[]> _stop = new("--stop") { Description = "Stop before this text (repeatable)", HelpName = "TEXT" };
    private readonly Option<string[]> _ban = new("--ban") { Description = "A text that must not appear: where it would, the generation goes back and chooses otherwise (repeatable)", HelpName = "TEXT" };
    private readonly Option<string?> _grammar = new("--grammar") { Description = "Keep to the grammar in this file, in GBNF", HelpName = "FILE" };
    private readonly Option<string?> _schema = new("--json-schema") { Description = "Write JSON that is valid by the schema in this file", HelpName = "FILE" };
    private readonly SamplerFlags _sampler = new();
    private readonly Option<bool> _slide = new("--slide") { Description = "When the context is full, forget its older half and go on instead of stopping" };
    private readonly Option<bool> _ignoreEnd = new("--ignore-eos") { Description = "Go on when the model wants to end" };

    public void AddTo(Command command)
    {
        foreach (var option in (IEnumerable<Option>)[_count, _temperature, _topK, _topP, _minP, _repeat, _seed, _stop, _ban, _grammar, _schema, _slide, _ignoreEnd, .. _sampler.All]) command.Add(option);
    }

    /// <summary>Tokens to write at most.</summary>
    public int Count(ParseResult arguments)
        => arguments.GetValue(_count) is >= 0 and var count ? count : throw new UsageException($"-n {arguments.GetValue(_count)} makes no sense. Type a number from 0 on.");

    /// <summary>The flags as options of the library.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="saved">What a restored generation was made with: it counts where no flag was typed.</param>
    public GenerationOptions Read(ParseResult arguments, GenerationOptions? saved)
    {
        if (saved is not null && arguments.GetValue(_seed) is { } seed)
            throw new UsageException($"--seed {seed} has no effect: a restored generation goes on with the chance it was saved with. Leave it out.");
        var was = saved ?? new() { Sampler = new() { Seed = (ulong)Random.Shared.NextInt64() } };
        var options = new GenerationOptions
        {
            MaxTokens = Count(arguments),
            StopStrings = Value(_stop, [.. was.StopStrings]),
            BannedStrings = Value(_ban, [.. was.BannedStrings]),
            Grammar = Grammar(arguments) ?? was.Grammar,
            Logprobs = was.Logprobs,
            WritesSpecialTokens = was.WritesSpecialTokens,
            Overflow = Value(_slide, was.Overflow == ContextOverflow.Slide) ? ContextOverflow.Slide : ContextOverflow.Stop,
            IgnoreEndOfGeneration = Value(_ignoreEnd, was.IgnoreEndOfGeneration),
            Sampler = _sampler.Read(arguments, was.Sampler) with
            {
                Temperature = Value(_temperature, was.Sampler.Temperature),
                TopK = Value(_topK, was.Sampler.TopK),
                TopP = Value(_topP, was.Sampler.TopP),
                MinP = Value(_minP, was.Sampler.MinP),
                RepetitionPenalty = Value(_repeat, was.Sampler.RepetitionPenalty),
                Seed = arguments.GetValue(_seed) ?? was.Sampler.Seed,
            },
        };
        options.Sampler.ThrowIfInvalid();
        return options;

        string? Grammar(ParseResult given) => (given.GetValue(_grammar), given.GetValue(_schema)) switch
        {
            (null, null) => null,
            ({ } grammar, null) => File.ReadAllText(grammar),
            (null, { } schema) => JsonSchemaGrammar.Convert(File.ReadAllText(schema)),
            _ => throw new UsageException("--grammar and --json-schema exclude each other. Leave one out."),
        };

        T Value<T>(Option<T> option, T saidBefore)
            => saved is null || arguments.GetResult(option) is { Implicit: false } ? arguments.GetValue(option) ?? saidBefore : saidBefore;
    }
}
