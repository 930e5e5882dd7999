using System.CommandLine;
using Hotplug.Cli.Output;
using Hotplug.Runtime.Plugins.Installation;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug plugins install PACKAGE</c>: puts a plugin into a folder of plugins, whole or not at all.</summary>
internal sealed class PluginsInstallCommand : Command
{
    private readonly Argument<string> _package = new("PACKAGE") { Description = "A plugin's folder, or a .zip of one" };
    private readonly Option<string> _folder = PluginsCommand.FolderFlag();
    private readonly Option<bool> _replace = new("--replace") { Description = "Put it in the place of an installed one of the same id" };
    private readonly Option<bool> _pin = new("--pin") { Description = "Pin it to its content; where a plugins.lock.json is, that is done in any case" };
    private readonly Option<bool> _json = PluginsCommand.JsonFlag();

    public PluginsInstallCommand() : base("install", "Install a plugin from a folder or a .zip; none of its code runs")
    {
        Add(_package);
        foreach (var option in new Option[] { _folder, _replace, _pin, _json }) Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        var folder = Path.GetFullPath(arguments.GetValue(_folder)!);
        var installed = new PluginInstaller(folder).Install(arguments.GetValue(_package)!, arguments.GetValue(_replace), arguments.GetValue(_pin));
        if (arguments.GetValue(_json))
        {
            Console.Out.WriteLine(new PluginsChangeDocument { Folder = folder, Installed = installed }.ToJson());
            return ExitCode.Done;
        }
        Console.Out.WriteLine($"{installed.Id} {installed.Version} installed{(installed.Replaced is { } before ? $" in place of {before}" : "")}{(installed.IsPinned ? ", pinned" : "")}: {installed.Folder}");
        Console.Out.WriteLine($"  {installed.Files} files, {SizeText.Show(installed.Bytes)}; plugin.json SHA-256 {installed.ManifestSha256}");
        if (installed.LeftOut.Count != 0) Console.Error.WriteLine($"note: not listed in plugin.json and therefore left out: {string.Join(", ", installed.LeftOut.Take(10))}{(installed.LeftOut.Count > 10 ? ", …" : "")}");
        return ExitCode.Done;
    }
}
