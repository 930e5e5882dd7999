using System.CommandLine;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Cli.Output;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Quantization;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug quantize IN OUT TYPE</c>: writes a model with other tensor types.</summary>
internal sealed class QuantizeCommand : Command
{
    private readonly Argument<string> _in = new("IN") { Description = "The model: a GGUF file, or the first of several" };
    private readonly Argument<string> _out = new("OUT") { Description = "The file to write; one that is there is replaced once all is written" };
    private readonly Argument<string> _type = new("TYPE") { Description = $"What it becomes: {string.Join(", ", QuantizationMix.All)}" };
    private readonly Option<bool> _again = new("--allow-requantize") { Description = "Quantise tensors again that are quantised already, which loses more than quantising the original" };
    private readonly Option<bool> _pure = new("--pure") { Description = "One type for all tensors whose rows allow it, no mix" };
    private readonly Option<string> _backend = new("--backend") { Description = "Backend that reads the tensors", HelpName = "ID", DefaultValueFactory = _ => "cpu" };
    private readonly EngineFlags _flags = new();

    public QuantizeCommand() : base("quantize", "Write a model with other tensor types")
    {
        Add(_in);
        Add(_out);
        Add(_type);
        Add(_again);
        Add(_pure);
        Add(_backend);
        _flags.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var (path, word) = (arguments.GetValue(_out)!, arguments.GetValue(_type)!);
        var mix = QuantizationMix.Find(word) ?? throw new UsageException($"'{word}' is no type that can be written. Type one of {string.Join(", ", QuantizationMix.All)}.");
        var file = GgufFile.Open(arguments.GetValue(_in)!);
        var options = new QuantizationOptions { AllowsRequantization = arguments.GetValue(_again), IsPure = arguments.GetValue(_pure), Backend = arguments.GetValue(_backend)! };
        await using var engine = new Engine(_flags.Read(arguments));
        var display = new QuantizeDisplay(Console.Error, !Console.IsErrorRedirected, _flags.Verbose(arguments));
        try
        {
            var result = await ModelQuantizer.WriteAsync(engine.Host, file, path, mix, options, display, cancellation);
            display.Finish();
            Console.Error.WriteLine($"{path}: {mix}, {result.Quantized} of {result.Tensors} tensors changed, {SizeText.Show(result.BytesBefore)} became {SizeText.Show(result.BytesAfter)}, {result.BitsPerElement:0.00} bits per weight");
            return ExitCode.Done;
        }
        finally
        {
            display.Finish();
        }
    }
}
