using System.CommandLine;
using Hotplug.Cli.Options;
using Hotplug.Cli.Output;
using Hotplug.Inference.Gguf;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug inspect MODEL</c>: what a file says of itself, whether or not it can be run.</summary>
internal sealed class InspectCommand : Command
{
    private readonly Argument<string> _model = ModelArgument.Optional();
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document" };

    public InspectCommand() : base("inspect", "Show metadata and tensors of a file")
    {
        Add(_model);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        var file = GgufFile.Open(arguments.GetValue(_model)!);
        var metadata = file.Metadata;
        if (arguments.GetValue(_json))
        {
            Console.Out.WriteLine(new InspectDocument
            {
                Files = file.Paths,
                Version = file.Version,
                WeightBytes = file.TotalWeightBytes,
                Metadata = [.. metadata.Entries.Select(e => new InspectDocument.FileEntry(e.Key, GgufMetadata.Describe(e), metadata.Preview(e)))],
                Tensors = [.. file.Tensors.Select(t => new InspectDocument.FileTensor(t.Spec.Name, t.Spec.Type.ToString(), [.. Enumerable.Range(0, t.Spec.Shape.Rank).Select(i => t.Spec.Shape[i])], t.Spec.ByteLength, t.File, t.FileOffset))],
            }.ToJson());
            return ExitCode.Done;
        }
        Console.Out.WriteLine($"GGUF version {file.Version}, {file.Tensors.Count} tensors, {SizeText.Show(file.TotalWeightBytes)} of weights");
        foreach (var path in file.Paths) Console.Out.WriteLine($"  {path}");
        Console.Out.WriteLine();
        foreach (var entry in metadata.Entries) Console.Out.WriteLine($"  {entry.Key,-44} {GgufMetadata.Describe(entry),-16} {metadata.Preview(entry)}");
        Console.Out.WriteLine();
        foreach (var tensor in file.Tensors) Console.Out.WriteLine($"  {tensor.Spec.Name,-32} {tensor.Spec.Type,-8} {tensor.Spec.Shape,-24} {SizeText.Show(tensor.Spec.ByteLength),12}  at {tensor.FileOffset}{(file.Paths.Count > 1 ? $" of file {tensor.File + 1}" : "")}");
        return ExitCode.Done;
    }
}
