using System.CommandLine;
using Hotplug.Cli.Output;
using Hotplug.Runtime.Plugins.Installation;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug plugins pin [ID…]</c>: from now on nothing but the present content of these plugins runs from the folder.</summary>
internal sealed class PluginsPinCommand : Command
{
    private readonly Argument<string[]> _ids = new("ID") { Description = "Plugins to pin (default: all in the folder)", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> _folder = PluginsCommand.FolderFlag();
    private readonly Option<bool> _json = PluginsCommand.JsonFlag();

    public PluginsPinCommand() : base("pin", "Pin plugins to the content they have now, in plugins.lock.json; what is not pinned there does not run any more")
    {
        Add(_ids);
        Add(_folder);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        var folder = Path.GetFullPath(arguments.GetValue(_folder)!);
        var pins = new PluginInstaller(folder).Pin(arguments.GetValue(_ids) ?? []);
        if (arguments.GetValue(_json)) Console.Out.WriteLine(new PluginsChangeDocument { Folder = folder, Pinned = pins }.ToJson());
        else
            foreach (var pin in pins) Console.Out.WriteLine($"{pin.Id} {pin.Version} pinned: plugin.json SHA-256 {pin.ManifestSha256}");
        return ExitCode.Done;
    }
}
