using System.CommandLine;
using Hotplug.Cli.Chat;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Inference.Chat;
using Hotplug.Inference.Models;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug chat [MODEL]</c>: a conversation, typed or piped.</summary>
internal sealed class ChatCommand : Command
{
    private readonly Argument<string?> _model = new("MODEL") { Description = "A GGUF file, or the first of several. Without one the embedded model runs.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _system = new("--system") { Description = "What the model is to be", HelpName = "TEXT" };
    private readonly Option<string?> _load = new("--load") { Description = "Go on with a conversation that /save wrote", HelpName = "FILE" };
    private readonly Option<string?> _template = new("--chat-template") { Description = "A template in Jinja, in place of the model's; or the name of one of several that the model has", HelpName = "FILE" };
    private readonly Option<string?> _thinking = new("--thinking") { Description = "Whether a model that can think does: on or off (default: as its template says)", HelpName = "HOW" };
    private readonly GenerationFlags _generation = new(defaultCount: 1024);
    private readonly ModelFlags _flags = new();
    private readonly DraftFlags _draft = new();
    private readonly LiveFlags _live = new();

    public ChatCommand() : base("chat", "Talk with a model; /help lists what can be said to the program")
    {
        Add(_model);
        foreach (var option in (Option[])[_system, _load, _template, _thinking]) Add(option);
        _generation.AddTo(this);
        _flags.AddTo(this);
        _draft.AddTo(this);
        _live.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var verbose = _flags.Engine.Verbose(arguments);
        var generation = _generation.Read(arguments, null);
        var options = _draft.Extend(arguments, _flags.Read(arguments)) with { Failover = _live.Failover(arguments) };
        var messages = arguments.GetValue(_load) is { } load ? ConversationFile.Load(load) : [];
        bool? thinking = arguments.GetValue(_thinking)?.ToLowerInvariant() switch
        {
            null => null,
            "on" => true,
            "off" => false,
            var word => throw new UsageException($"'{word}' is no value of --thinking. Type on or off."),
        };

        await using var engine = new Engine(_flags.Engine.Read(arguments));
        using var model = await Loading.LoadAsync(engine, _flags.Open(arguments, arguments.GetValue(_model) ?? EmbeddedModel.Path), options, verbose, cancellation);
        var draft = await _draft.LoadAsync(arguments, engine, model, verbose, cancellation);
        using var draftModel = draft?.Model;
        using var drafter = draft?.Drafter;
        await using var live = _live.Begin(arguments, engine, verbose);
        var template = Template(model, arguments.GetValue(_template));
        if (template.IsFallback) Console.Error.WriteLine("note: the model has no chat template; ChatML is used, which it may not know");
        else if (verbose) Console.Error.WriteLine($"chat template: {template.Name}");
        using var session = new ChatSession(model, template) { TemplateOptions = new() { EnableThinking = thinking }, Drafter = drafter };
        foreach (var message in messages) session.Messages.Add(message);
        if (arguments.GetValue(_system) is { } system)
        {
            if (session.Messages is [{ Role: "system" }, ..]) session.Messages.RemoveAt(0);
            session.Messages.Insert(0, new("system", system));
        }

        ILineSource lines = Console.IsInputRedirected ? new PipedLines(Console.In) : new TerminalLines(Console.Error);
        await new ChatLoop(engine, model, session, generation, lines, verbose).RunAsync(cancellation);
        return ExitCode.Done;
    }

    private static ChatTemplate Template(LanguageModel model, string? given)
    {
        var metadata = model.Source.File.Metadata;
        if (given is null || !File.Exists(given)) return ChatTemplate.Of(metadata, model.Tokenizer, given);
        var (tokenizer, text) = (model.Tokenizer, File.ReadAllText(given));
        return ChatTemplate.Parse(text, Name(tokenizer.BeginningOfSequence), Name(tokenizer.EndOfSequence));

        string Name(int? token) => token is { } known ? tokenizer.Name(known) : "";
    }
}
