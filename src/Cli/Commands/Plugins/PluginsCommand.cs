using System.CommandLine;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug plugins</c>: what is done to folders of plugins. Nothing of a plugin runs by it.</summary>
internal sealed class PluginsCommand : Command
{
    public PluginsCommand() : base("plugins", "Install, list, verify, pin and remove plugins")
    {
        Add(new PluginsInstallCommand());
        Add(new PluginsListCommand(verify: false));
        Add(new PluginsListCommand(verify: true));
        Add(new PluginsPinCommand());
        Add(new PluginsRemoveCommand());
    }

    /// <summary>The flag that names the folder which is changed.</summary>
    public static Option<string> FolderFlag() => new("--in")
    {
        Description = "The folder of plugins (default: the one beside the program)", HelpName = "DIR", DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "plugins"),
    };

    /// <summary>The flag that asks for JSON.</summary>
    public static Option<bool> JsonFlag() => new("--json") { Description = "Write one JSON document" };
}
