using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Hotplug.LoadBench.Servers;

/// <summary><c>llama-server</c> with the same file, slots, threads and context.</summary>
internal sealed class LlamaServer(LoadOptions options) : IServer
{
    public string Name => "llama-server";

    public Task<(ServerProcess Server, Uri Address)> StartAsync(CancellationToken cancellation)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(options.Peer!) { WorkingDirectory = Path.GetDirectoryName(options.Peer!) };
        foreach (var word in (string[])[
            "-m", options.Model, "-t", $"{options.Threads}", "-tb", $"{options.Threads}", "-np", $"{options.Slots}", "-c", $"{options.Context * options.Slots}",
            "--host", "127.0.0.1", "--port", $"{port}", .. options.PeerOptions])
            start.ArgumentList.Add(word);
        start.Environment["LD_LIBRARY_PATH"] = Path.GetDirectoryName(options.Peer!);
        return ServerProcess.StartAsync(Name, start, line => line.Contains("listening on http", StringComparison.Ordinal) ? new Uri($"http://127.0.0.1:{port}") : null, cancellation);
    }

    public ISwaps? Swaps(ServerProcess server) => null;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
