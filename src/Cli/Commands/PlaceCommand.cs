using System.CommandLine;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug place</c>: has a running process put its model on other devices while it writes.</summary>
internal sealed class PlaceCommand : Command
{
    private readonly Option<string?> _backend = new("--backend") { Description = "Backend or device to run on (default: the one named when it was started)", HelpName = "ID" };
    private readonly Option<int?> _layers = new("--gpu-layers", "--gpulayers", "-ngl") { Description = "Layers to place on the backend, counted from the end", HelpName = "N" };
    private readonly Option<string[]> _place = new("--place") { Description = "Place tensors by name; the first rule that matches wins (repeatable)", HelpName = "PATTERN=DEVICE" };
    private readonly ControlFlags _flags = new();

    public PlaceCommand() : base("place", "Have a running process move layers between devices while it writes")
    {
        Add(_backend);
        Add(_layers);
        Add(_place);
        _flags.AddTo(this);
        SetAction((arguments, cancellation) => _flags.AskAsync(arguments, new()
        {
            Command = "place", Backend = arguments.GetValue(_backend), GpuLayers = arguments.GetValue(_layers), Place = arguments.GetValue(_place) ?? [],
        }, cancellation));
    }
}
