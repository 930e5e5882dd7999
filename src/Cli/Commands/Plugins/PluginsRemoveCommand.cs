using System.CommandLine;
using Hotplug.Cli.Output;
using Hotplug.Runtime.Plugins.Installation;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug plugins remove ID</c>: takes a plugin out of a folder of plugins.</summary>
internal sealed class PluginsRemoveCommand : Command
{
    private readonly Argument<string> _id = new("ID") { Description = "The plugin" };
    private readonly Option<string> _folder = PluginsCommand.FolderFlag();
    private readonly Option<bool> _force = new("--force") { Description = "Also remove files that lie there and do not belong to it" };
    private readonly Option<bool> _json = PluginsCommand.JsonFlag();

    public PluginsRemoveCommand() : base("remove", "Remove a plugin and its pin; programs that run it go on with their copy")
    {
        Add(_id);
        foreach (var option in new Option[] { _folder, _force, _json }) Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        var (folder, id) = (Path.GetFullPath(arguments.GetValue(_folder)!), arguments.GetValue(_id)!);
        var version = new PluginInstaller(folder).Remove(id, arguments.GetValue(_force));
        Console.Out.WriteLine(arguments.GetValue(_json) ? new PluginsChangeDocument { Folder = folder, Removed = new(id, version) }.ToJson() : $"{id} {version} removed from {folder}");
        return ExitCode.Done;
    }
}
