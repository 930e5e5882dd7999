using System.CommandLine;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Inference.Architectures;
using Hotplug.Inference.Embeddings;
using Hotplug.Inference.Models;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug embed MODEL --text TEXT</c>: the vector of a text, of length 1, as one JSON array.</summary>
internal sealed class EmbedCommand : Command
{
    private readonly Argument<string> _model = ModelArgument.Required();
    private readonly Option<string?> _text = new(LiteralArguments.Text) { Description = "The text, taken literally", HelpName = "TEXT" };
    private readonly Option<string?> _tokens = new("--tokens") { Description = "Token ids in place of a text, separated by commas; nothing is added", HelpName = "IDS" };
    private readonly ModelFlags _flags = new();

    public EmbedCommand() : base("embed", "Make a vector of a text with an embedding model")
    {
        Add(_model);
        Add(_text);
        Add(_tokens);
        _flags.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var (text, ids) = (LiteralArguments.Read(arguments.GetValue(_text)), arguments.GetValue(_tokens));
        if (text is null == ids is null) throw new UsageException("Give the text with --text TEXT, or token ids with --tokens IDS; one of them.");
        var tokens = ids is null ? null : TokenIds.Parse(ids);
        var source = _flags.Open(arguments, arguments.GetValue(_model)!);
        var options = TextEmbedder.Options(source, _flags.Read(arguments));
        await using var engine = new Engine(_flags.Engine.Read(arguments));
        using var model = await Loading.LoadAsync(engine, source, options, _flags.Engine.Verbose(arguments), cancellation, ModelPurpose.Embedding);
        var embedder = new TextEmbedder(model);
        var vector = tokens is null ? embedder.Embed(text!, cancellation) : embedder.Embed(tokens, cancellation);
        Console.Out.WriteLine($"[{string.Join(",", vector)}]");
        return ExitCode.Done;
    }
}
