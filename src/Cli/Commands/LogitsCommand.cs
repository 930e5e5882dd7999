using System.CommandLine;
using System.Runtime.InteropServices;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug logits MODEL --tokens 1,2,3 --out FILE</c>: the raw result for every position.</summary>
internal sealed class LogitsCommand : Command
{
    private const int RowsPerStep = 32;
    private readonly Argument<string> _model = ModelArgument.Optional();
    private readonly Option<string> _tokens = new("--tokens") { Description = "Token ids, separated by commas; nothing is added", HelpName = "IDS", Required = true };
    private readonly Option<string> _out = new("--out", "-o") { Description = "File to write: little-endian float32, positions × vocabulary", HelpName = "FILE", Required = true };
    private readonly ModelFlags _flags = new();

    public LogitsCommand() : base("logits", "Write the logits of every position to a file")
    {
        Add(_model);
        Add(_tokens);
        Add(_out);
        _flags.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var ids = TokenIds.Parse(arguments.GetValue(_tokens)!);
        var source = _flags.Open(arguments, arguments.GetValue(_model)!);
        // An exact result is what this command is for, so the cache does not round unless it is asked to.
        var options = _flags.Read(arguments, TensorType.F32);
        options = options with { BatchOutputs = RowsPerStep, BatchTokens = Math.Min(options.BatchTokens, RowsPerStep), Context = options.Context ?? Math.Max(source.ContextOf(options), ids.Length) };
        await using var engine = new Engine(_flags.Engine.Read(arguments));
        using var model = await Loading.LoadAsync(engine, source, options, _flags.Engine.Verbose(arguments), cancellation);
        if (ids.Length > model.Context) throw new UsageException($"{ids.Length} tokens do not fit a context of {model.Context}. Give a longer --context.");
        using var sequence = model.Executor.NewSequence();
        if (ids.FirstOrDefault(id => id >= source.Description.VocabularySize, -1) is >= 0 and var outside)
            throw new UsageException($"Token {outside} is not in the vocabulary of {source.Description.VocabularySize}.");
        // Only now is it certain that there is something to write in place of what the file may hold.
        await using var file = File.Create(arguments.GetValue(_out)!);
        var batch = new StepBatch();
        var chunk = Math.Min(model.Executor.Largest.Tokens, model.Executor.Largest.OutputRows);
        for (var first = 0; first < ids.Length; first += chunk)
        {
            var count = Math.Min(chunk, ids.Length - first);
            batch.Clear();
            batch.Add(sequence, ids.AsSpan(first, count), count);
            model.Executor.Run(batch, cancellation);
            for (var row = 0; row < count; row++) file.Write(MemoryMarshal.AsBytes(model.Executor.Output(row)));
        }
        return ExitCode.Done;
    }
}
