using System.CommandLine;
using Hotplug.Cli.Configuration;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Cli.Serving;
using Hotplug.Inference.Architectures;
using Hotplug.Inference.Embeddings;
using Hotplug.Inference.Models;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug serve [MODEL]</c>: answers over HTTP.</summary>
internal sealed class ServeCommand : Command
{
    private readonly Argument<string> _model = ModelArgument.Optional();
    private readonly Option<string> _host = new("--host") { Description = "Address to listen at; 0.0.0.0 lets other machines in", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly Option<int> _port = new("--port") { Description = "Port to listen at; 0 takes a free one", HelpName = "N", DefaultValueFactory = _ => 5001 };
    private readonly Option<int> _slots = new("--slots") { Description = "Texts written at the same time", HelpName = "N", DefaultValueFactory = _ => 4 };
    private readonly Option<int> _queue = new("--queue") { Description = "Requests that may wait for a slot; more are told to come again", HelpName = "N", DefaultValueFactory = _ => 64 };
    private readonly Option<string[]> _keys = new("--api-key") { Description = "A key that requests have to bring as 'Authorization: Bearer KEY' (repeatable)", HelpName = "KEY" };
    private readonly Option<string?> _embeddings = new("--embeddingsmodel") { Description = "A model for /v1/embeddings, besides the one that writes", HelpName = "FILE" };
    private readonly Option<bool> _logContent = new("--log-content") { Description = "Write what is asked and answered to the log; it is not there otherwise" };
    private readonly Option<string?> _config = new("--config") { Description = "A JSON file with these options by their long names; what is typed counts more", HelpName = "FILE" };
    private readonly Option<string?> _export = new("--exportconfig") { Description = "Write what was typed to a file for --config, and end", HelpName = "FILE" };
    private readonly ConfigurationFile _file;
    private readonly Option<string[]> _cors = new("--cors") { Description = "An origin whose pages may ask from a browser, such as https://example.org; * for all (repeatable)", HelpName = "ORIGIN" };
    private readonly Option<double?> _timeout = new("--request-timeout") { Description = "Longest that a request may take, waiting included; without it there is no end", HelpName = "SECONDS" };
    private readonly Option<int> _rate = new("--rate-limit") { Description = "Requests that a caller, known by his key or else his address, may send in a minute; 0 for any number", HelpName = "N" };
    private readonly ModelFlags _flags = new();
    private readonly LiveFlags _live = new();

    public ServeCommand() : base("serve", "Answer requests over HTTP, as the APIs of OpenAI, KoboldAI and Ollama describe them")
    {
        Add(_model);
        foreach (var option in (Option[])[_host, _port, _slots, _queue, _keys, _embeddings, _cors, _timeout, _rate, _logContent, _config, _export]) Add(option);
        _flags.AddTo(this);
        _live.AddTo(this);
        _file = new(this, _model, _config, _export);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var export = arguments.GetValue(_export);
        if (arguments.GetValue(_config) is { } config) arguments = _file.Complete(arguments, config);
        var verbose = _flags.Engine.Verbose(arguments);
        var serving = new ServingOptions(arguments.GetValue(_host)!, arguments.GetValue(_port), arguments.GetValue(_queue), arguments.GetValue(_keys) ?? [], arguments.GetValue(_logContent))
        {
            Origins = arguments.GetValue(_cors) ?? [], RequestSeconds = arguments.GetValue(_timeout), RequestsPerMinute = arguments.GetValue(_rate),
        };
        serving.Check();
        var slots = arguments.GetValue(_slots);
        if (slots is < 1 or > 1024) throw new UsageException($"--slots {slots} makes no sense. Type a number from 1 to 1024.");
        var options = _flags.Read(arguments) with { Failover = _live.Failover(arguments), Sequences = slots, BatchOutputs = slots };
        if (export is not null)
        {
            _file.Export(arguments, export);
            Console.Error.WriteLine($"wrote {export}; 'hotplug serve --config {export}' repeats it");
            return ExitCode.Done;
        }

        await using var engine = new Engine(_flags.Engine.Read(arguments));
        var models = new Dictionary<string, LanguageModel>(StringComparer.OrdinalIgnoreCase);
        try
        {
            await LoadAsync(arguments.GetValue(_model)!, options, ModelPurpose.Text);
            if (arguments.GetValue(_embeddings) is { } path) await LoadAsync(path, options with { Sequences = 1, BatchOutputs = 1 }, ModelPurpose.Embedding);
            await using var live = _live.Begin(arguments, engine, verbose);
            await ServingHost.RunAsync(new NamedModelHost(engine.Host, models), engine.Catalog, serving, verbose, cancellation);
            return ExitCode.Done;
        }
        finally
        {
            foreach (var model in models.Values) model.Dispose();
        }

        async Task LoadAsync(string path, ModelOptions options, ModelPurpose purpose)
        {
            // Adapters are for the model that writes.
            var source = purpose == ModelPurpose.Text ? _flags.Open(arguments, path) : ModelSource.Open(path);
            if (purpose == ModelPurpose.Embedding) options = TextEmbedder.Options(source, options);
            var model = await Loading.LoadAsync(engine, source, options, verbose, cancellation, purpose);
            if (models.TryAdd(Path.GetFileNameWithoutExtension(path), model)) return;
            model.Dispose();
            throw new UsageException($"Both models are called '{Path.GetFileNameWithoutExtension(path)}'. Give one of the files another name.");
        }
    }
}
