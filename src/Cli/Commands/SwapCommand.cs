using System.CommandLine;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug swap BACKEND</c>: has a running process put another generation of a backend in place while it writes.</summary>
internal sealed class SwapCommand : Command
{
    private readonly Argument<string> _backend = new("BACKEND") { Description = "Id of the backend; its plugin is loaded anew from its folder" };
    private readonly Option<string?> _folder = new("--from") { Description = "Load the plugin from this folder instead, and from then on", HelpName = "DIR" };
    private readonly Option<bool> _wait = new("--wait") { Description = "Wait until the old generation is unloaded, and say what became of it" };
    private readonly ControlFlags _flags = new();

    public SwapCommand() : base("swap", "Have a running process exchange a backend while it writes")
    {
        Add(_backend);
        Add(_folder);
        Add(_wait);
        _flags.AddTo(this);
        SetAction((arguments, cancellation) => _flags.AskAsync(arguments, new()
        {
            Command = "swap", Backend = arguments.GetValue(_backend), Folder = arguments.GetValue(_folder) is { } folder ? Path.GetFullPath(folder) : null, Wait = arguments.GetValue(_wait),
        }, cancellation));
    }
}
