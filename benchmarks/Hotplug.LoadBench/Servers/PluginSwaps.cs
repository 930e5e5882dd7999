using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Hotplug.LoadBench.Servers;

/// <summary>Swaps as <c>hotplug swap cpu --from FOLDER --wait</c> does: a line of JSON to the socket of the process, answered by lines of which the last has an exit code.</summary>
/// <param name="socket">The socket.</param>
/// <param name="folders">Plugins to swap to in turn.</param>
internal sealed class PluginSwaps(string socket, IReadOnlyList<string> folders) : ISwaps
{
    private int _next;

    public async Task SwapAsync(CancellationToken cancellation)
    {
        var request = new JsonObject { ["version"] = 1, ["command"] = "swap", ["backend"] = "cpu", ["folder"] = folders[_next++ % folders.Count], ["wait"] = true };
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
            await using var stream = new NetworkStream(connection);
            await using (var writer = new StreamWriter(stream, leaveOpen: true)) await writer.WriteAsync($"{request.ToJsonString()}\n");
            using var lines = new StreamReader(stream);
            while (await lines.ReadLineAsync(cancellation) is { } line)
            {
                var reply = JsonNode.Parse(line)!;
                if (reply["exitCode"] is not { } code) continue;
                if ((int)code != 0) throw new InvalidDataException($"The swap ended with {code}: {reply["text"]}");
                return;
            }
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            throw new InvalidDataException($"The swap could not be asked for: {failure.Message}", failure);
        }
        throw new InvalidDataException("The swap was not answered to the end.");
    }
}
