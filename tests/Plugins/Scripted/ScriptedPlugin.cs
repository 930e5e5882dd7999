using Hotplug.Abstractions.Plugins;

[assembly: BackendPlugin("scripted", typeof(Hotplug.Tests.Scripted.ScriptedPlugin), contract: "1.0")]

namespace Hotplug.Tests.Scripted;

/// <summary>
/// Does what the script says, at the place the script names. The script is the setting <c>script</c> or, for what happens before there are settings,
/// a file <c>script.txt</c> beside the assembly; it is a list of words such as <c>throw:CreateAsync</c>.
/// </summary>
public sealed class ScriptedPlugin : IBackendPlugin
{
    private readonly Script _script;
    private ScriptedBackend? _backend;

    /// <summary>Creates the plugin.</summary>
    public ScriptedPlugin()
    {
        var file = Path.Combine(Path.GetDirectoryName(typeof(ScriptedPlugin).Assembly.Location)!, "script.txt");
        _script = new(File.Exists(file) ? File.ReadAllText(file) : "");
        _script.At("Constructor");
    }

    /// <inheritdoc/>
    public ProbeResult Probe(IPluginHost host)
    {
        _script.At("Probe");
        return _script.Has("unavailable") ? ProbeResult.Unavailable("no scripted device", "try again") : ProbeResult.Available(7, "always");
    }

    /// <inheritdoc/>
    public async ValueTask<IBackend> CreateAsync(IPluginHost host, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        _script.Add(settings.GetValueOrDefault("script", ""));
        if (settings.Keys.FirstOrDefault(k => !k.Equals("script", StringComparison.OrdinalIgnoreCase)) is { } unknown)
            throw new ArgumentException($"The setting '{unknown}' is not known; known is script.");
        _script.At("CreateAsync");
        await Task.Yield();
        _script.At("CreateAsyncLater");
        if (_script.Has("wait")) await Task.Delay(Timeout.Infinite, cancellation);
        if (_script.Has("null")) return null!;
        // Held by a static event: the process keeps the code alive whatever the host does.
        if (_script.Has("root")) AppDomain.CurrentDomain.ProcessExit += (_, _) => _script.At("never");
        host.Log.Write(PluginLogLevel.Information, "the scripted backend is made");
        host.Metrics.Count("scripted.made", 1);
        return _backend = new ScriptedBackend(host, _script);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _script.At("PluginDispose");
        return ValueTask.CompletedTask;
    }
}
