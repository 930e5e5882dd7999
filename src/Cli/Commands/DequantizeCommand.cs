using System.CommandLine;
using System.Runtime.InteropServices;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Models;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug dequantize MODEL TENSOR --out FILE</c>: rows of a tensor as the backend sees them.</summary>
internal sealed class DequantizeCommand : Command
{
    private readonly Argument<string> _model = ModelArgument.Required();
    private readonly Argument<string> _tensor = new("TENSOR") { Description = "Name of the tensor; `hotplug inspect` lists them" };
    private readonly Option<int?> _rows = new("--rows") { Description = "First rows only", HelpName = "N" };
    private readonly Option<string> _out = new("--out", "-o") { Description = "File to write: little-endian float32", HelpName = "FILE", Required = true };
    private readonly Option<string> _backend = new("--backend") { Description = "Backend that does it", HelpName = "ID", DefaultValueFactory = _ => "cpu" };
    private readonly EngineFlags _flags = new();

    public DequantizeCommand() : base("dequantize", "Write rows of a tensor as float32 to a file")
    {
        Add(_model);
        Add(_tensor);
        Add(_rows);
        Add(_out);
        Add(_backend);
        _flags.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var file = GgufFile.Open(arguments.GetValue(_model)!);
        var name = arguments.GetValue(_tensor)!;
        if (!file.TryFindTensor(name, out var tensor)) throw new UsageException($"There is no tensor '{name}'. `hotplug inspect {file.Paths[0]}` lists them.");
        if (arguments.GetValue(_rows) is < 0) throw new UsageException("--rows has to be 0 or more.");
        var rows = Math.Min(arguments.GetValue(_rows) ?? long.MaxValue, tensor.Spec.RowCount);
        await using var engine = new Engine(_flags.Read(arguments));
        // Opened with the first row, so that a tensor or backend that is refused leaves a file of this name as it was.
        FileStream? output = null;
        try
        {
            await TensorRows.ReadAsync(engine.Host, file, tensor, arguments.GetValue(_backend)!, rows,
                row => (output ??= File.Create(arguments.GetValue(_out)!)).Write(MemoryMarshal.AsBytes(row)), cancellation);
            output ??= File.Create(arguments.GetValue(_out)!);
        }
        finally
        {
            if (output is not null) await output.DisposeAsync();
        }
        return ExitCode.Done;
    }
}
