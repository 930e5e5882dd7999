using Hotplug.Runtime.Reports;
using Hotplug.Runtime.Reports.Pictures;
using System.CommandLine;
using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Cli.Output;
using Hotplug.Inference.Models;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug plan [MODEL]</c>: says where everything would go, and loads nothing.</summary>
internal sealed class PlanCommand : Command
{
    private readonly Argument<string> _model = ModelArgument.Optional();
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document" };
    private readonly Option<bool> _tensors = new("--tensors") { Description = "List every tensor with its place and the reasons" };
    private readonly Option<string?> _svg = new("--svg") { Description = "Draw the address space into a file: what lies where, what is mapped, what is locked", HelpName = "FILE" };
    private readonly ModelFlags _flags = new();

    public PlanCommand() : base("plan", "Say where every tensor would go, and why, without loading anything")
    {
        Add(_model);
        Add(_json);
        Add(_tensors);
        Add(_svg);
        _flags.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var source = _flags.Open(arguments, arguments.GetValue(_model)!);
        var options = _flags.Read(arguments);
        await using var engine = new Engine(_flags.Engine.Read(arguments));
        using var devices = await engine.Host.OpenDevicesAsync(options, "plan", cancellation);
        var plan = source.Plan(devices.Devices, options);
        var document = PlanDocument.From(source.File.Paths[0], source.Description.Architecture, plan);
        if (arguments.GetValue(_svg) is { } picture) await File.WriteAllTextAsync(picture, AddressSpacePicture.Draw(document), cancellation);
        if (arguments.GetValue(_json))
        {
            Console.Out.WriteLine(document.ToJson());
            return ExitCode.Done;
        }
        Console.Out.Write(PlanText.Summary(plan));
        if (arguments.GetValue(_tensors) || _flags.Engine.Verbose(arguments))
        {
            Console.Out.WriteLine();
            Console.Out.Write(PlanText.Tensors(plan));
        }
        foreach (var note in plan.Notes) Console.Error.WriteLine($"note: {note}");
        return ExitCode.Done;
    }
}
