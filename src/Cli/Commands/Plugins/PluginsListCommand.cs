using System.CommandLine;
using Hotplug.Cli.Options;
using Hotplug.Cli.Output;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Discovery;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug plugins list</c>: the plugins that are there. <c>hotplug plugins verify</c>: the same, with every file compared with its hash, and a failure if one is not right.</summary>
internal sealed class PluginsListCommand : Command
{
    private readonly bool _verify;
    private readonly Option<bool> _json = PluginsCommand.JsonFlag();
    private readonly Option<string[]> _plugins = new("--plugins", "--in") { Description = "Another folder to look for plugins in (repeatable)", HelpName = "DIR" };
    private readonly Option<string> _pinning = new("--pinning") { Description = "Whether plugins must be pinned: auto (where there is a plugins.lock.json), require or off", HelpName = "POLICY", DefaultValueFactory = _ => "auto" };

    public PluginsListCommand(bool verify) : base(verify ? "verify" : "list", verify ? "Compare every file of every plugin with its hash and pin, and look who may write to it" : "List plugins, and say what was rejected and why")
    {
        _verify = verify;
        foreach (var option in new Option[] { _plugins, _pinning, _json }) Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        var pinning = EngineFlags.Pinning(arguments.GetValue(_pinning)!);
        var roots = PluginScanner.Roots((arguments.GetValue(_plugins) ?? []).Select(Path.GetFullPath), Environment.GetEnvironmentVariable(PluginScanner.EnvironmentVariable));
        var scan = PluginScanner.Scan(roots, _verify, pinning);
        var code = _verify && scan.Rejections.Count != 0 ? ExitCode.Refused : ExitCode.Done;
        if (arguments.GetValue(_json))
        {
            Console.Out.WriteLine(new PluginsDocument
            {
                Pinning = arguments.GetValue(_pinning)!.ToLowerInvariant(), Roots = scan.Roots, Plugins = [.. scan.Plugins.Select(PluginsDocument.ListedPlugin.Of)],
                Rejected = [.. scan.Rejections.Select(RejectedPlugin.Of)], Notices = scan.Notices,
            }.ToJson());
            return code;
        }
        var width = scan.Plugins.Select(p => p.Manifest!.Id.Length).Concat(scan.Rejections.Select(r => r.Id?.Length ?? 1)).Append(8).Max();
        foreach (var plugin in scan.Plugins)
        {
            var manifest = plugin.Manifest!;
            Console.Out.WriteLine($"{manifest.Id.PadRight(width)} {manifest.Version}, {manifest.Name}{(manifest.Kind == PluginKind.Test ? ", test equipment" : "")}{(plugin.Pin is null ? "" : ", pinned")}{(_verify ? ": right" : "")} ({plugin.Folder})");
        }
        foreach (var rejection in scan.Rejections) Console.Out.WriteLine($"{(rejection.Id ?? "?").PadRight(width)} rejected ({rejection.Code}): {rejection.Reason} {rejection.Cure} ({rejection.Path})");
        if (scan.Plugins.Count + scan.Rejections.Count == 0) Console.Out.WriteLine($"No plugin was found in {string.Join(", ", roots.Select(r => r.Path))}.");
        foreach (var notice in scan.Notices) Console.Error.WriteLine($"note: {notice}");
        return code;
    }
}
