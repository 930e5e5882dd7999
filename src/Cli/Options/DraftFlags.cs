using System.CommandLine;
using Hotplug.Cli.Commands;
using Hotplug.Cli.Engines;
using Hotplug.Inference.Generation.Speculation;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Placement;

namespace Hotplug.Cli.Options;

/// <summary>The flags of a draft model, with KoboldCPP's spellings.</summary>
internal sealed class DraftFlags
{
    private const int UsualTokens = 8;

    private readonly Option<string?> _draft = new("--draft", "--draftmodel") { Description = "A smaller model of the same vocabulary that guesses ahead; the text stays the one of the model", HelpName = "FILE" };
    private readonly Option<int?> _tokens = new("--draft-tokens", "--draftamount") { Description = $"Tokens that are guessed at a time, at most (default: {UsualTokens})", HelpName = "N" };
    private readonly Option<string?> _backend = new("--draft-backend") { Description = "Backend or device of the draft model (default: that of the model)", HelpName = "ID" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_draft, _tokens, _backend]) command.Add(option);
    }

    /// <summary>The options of the model that is guessed for: a row of output for each guess, and one more.</summary>
    public ModelOptions Extend(ParseResult arguments, ModelOptions options)
    {
        if (arguments.GetValue(_draft) is not null) return options with { BatchOutputs = Math.Max(options.BatchOutputs, Tokens(arguments) + 1) };
        foreach (var option in (Option[])[_tokens, _backend])
            if (arguments.GetResult(option) is { Implicit: false }) throw new UsageException($"{option.Name} has no effect without --draft FILE.");
        return options;
    }

    /// <summary>Loads the draft model, or gives null where none is asked for.</summary>
    public async Task<(LanguageModel Model, Drafter Drafter)?> LoadAsync(ParseResult arguments, Engine engine, LanguageModel target, bool verbose, CancellationToken cancellation)
    {
        if (arguments.GetValue(_draft) is not { } path) return null;
        var source = ModelSource.Open(path);
        var context = Math.Min(target.Context, source.Description.LongestContext ?? int.MaxValue);
        var placement = arguments.GetValue(_backend) is { } backend ? new PlacementOptions { Backend = backend } : new PlacementOptions { Backend = target.Options.Placement.Backend };
        var model = await Loading.LoadAsync(engine, source, target.Options with { Placement = placement, Context = context, BatchOutputs = 1, Sequences = 1 }, verbose, cancellation);
        try
        {
            return (model, new Drafter(model, target, Tokens(arguments)));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private int Tokens(ParseResult arguments) => arguments.GetValue(_tokens) switch
    {
        null => UsualTokens,
        >= 1 and <= 64 and var tokens => tokens,
        var tokens => throw new UsageException($"--draft-tokens {tokens} makes no sense. Type a number from 1 to 64."),
    };
}
