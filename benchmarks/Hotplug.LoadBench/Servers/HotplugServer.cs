using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Hotplug.LoadBench.Servers;

/// <summary><c>hotplug serve</c>, with two versions of the plugin <c>cpu</c> to swap to in turn. Has a folder of its own for what it writes, which goes with it.</summary>
internal sealed class HotplugServer : IServer, IDisposable
{
    private readonly LoadOptions _options;
    private readonly string _folder = Directory.CreateTempSubdirectory("hotplug-load-").FullName;
    private readonly string[] _versions;

    public HotplugServer(LoadOptions options)
    {
        _options = options;
        var plugin = Path.Combine(Path.GetDirectoryName(options.Hotplug)!, "plugins", "cpu");
        // The same code with another manifest: another content, and so another generation.
        _versions = [.. new[] { "0.2.0", "0.1.0" }.Select(version => Copy(plugin, Path.Combine(_folder, version, "cpu"), version))];
    }

    public string Name => "Hotplug";

    public Task<(ServerProcess Server, Uri Address)> StartAsync(CancellationToken cancellation)
    {
        const string Listening = "listening at ";
        var start = new ProcessStartInfo("dotnet");
        foreach (var word in new[]
        {
            _options.Hotplug, "serve", _options.Model, "--port", "0", "--slots", $"{_options.Slots}", "--queue", $"{_options.Clients}", "--context", $"{_options.Context}", "--threads", $"{_options.Threads}", "--backend", "cpu",
        }) start.ArgumentList.Add(word);
        start.Environment["HOME"] = _folder;
        start.Environment["XDG_RUNTIME_DIR"] = _folder;
        start.Environment.Remove("HOTPLUG_PLUGINS");
        return ServerProcess.StartAsync(Name, start, line => line.StartsWith(Listening, StringComparison.Ordinal) ? new Uri(line[Listening.Length..]) : null, cancellation);
    }

    public ISwaps Swaps(ServerProcess server) => new PluginSwaps(Path.Combine(_folder, "hotplug", $"{server.Id}.sock"), _versions);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Copy(string from, string to, string version)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        var path = Path.Combine(to, "plugin.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        manifest["version"] = version;
        File.WriteAllText(path, manifest.ToJsonString());
        return to;
    }
}
