using System.CommandLine;
using Hotplug.Runtime.Plugins.Trust;

namespace Hotplug.Cli.Options;

/// <summary>The flags of every command that needs backends.</summary>
internal sealed class EngineFlags
{
    private readonly Option<int?> _threads = new("--threads", "-t") { Description = "Threads to compute with (default: the number of cores)", HelpName = "N" };
    private readonly Option<string[]> _plugins = new("--plugins") { Description = "Another folder to look for plugins in (repeatable)", HelpName = "DIR" };
    private readonly Option<string[]> _settings = new("--set") { Description = "A setting of a backend, for example cpu.activations=8 (repeatable)", HelpName = "BACKEND.KEY=VALUE" };
    private readonly Option<string> _pinning = new("--pinning") { Description = "Whether plugins must be pinned in plugins.lock.json: auto (where there is one), require or off", HelpName = "POLICY", DefaultValueFactory = _ => "auto" };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Say what is done: plan, receipt, timings" };

    public void AddTo(Command command)
    {
        command.Add(_threads);
        command.Add(_plugins);
        command.Add(_settings);
        command.Add(_pinning);
        command.Add(_verbose);
    }

    public bool Verbose(ParseResult arguments) => arguments.GetValue(_verbose);

    public EngineOptions Read(ParseResult arguments)
    {
        var threads = arguments.GetValue(_threads);
        if (threads is < 1 or > 1024) throw new UsageException($"--threads {threads} makes no sense. Type a number from 1 to 1024.");
        var settings = new Dictionary<string, Dictionary<string, string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in arguments.GetValue(_settings) ?? [])
        {
            var equals = text.IndexOf('=');
            var dot = text.IndexOf('.');
            if (dot < 1 || equals < dot + 2) throw new UsageException($"'{text}' is not of the form BACKEND.KEY=VALUE, for example cpu.isa=avx2.");
            if (!settings.TryGetValue(text[..dot], out var backend)) settings[text[..dot]] = backend = new(StringComparer.OrdinalIgnoreCase);
            backend[text[(dot + 1)..equals]] = text[(equals + 1)..];
        }
        return new EngineOptions(threads, arguments.GetValue(_plugins) ?? [], settings, Pinning(arguments.GetValue(_pinning)!), Verbose(arguments));
    }

    /// <summary>Reads a policy of pinning.</summary>
    public static PluginPinning Pinning(string word) => word.ToLowerInvariant() switch
    {
        "auto" => PluginPinning.Auto,
        "require" => PluginPinning.Require,
        "off" => PluginPinning.Off,
        _ => throw new UsageException($"'{word}' is no value of --pinning. Type auto, require or off."),
    };
}
