using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Hotplug.Cli.Control;

/// <summary>Asks something of a running process.</summary>
internal static class ControlClient
{
    /// <summary>Asks, and says every line of the answer.</summary>
    /// <param name="process">Its id; null for the only one there is.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="say">Gets each line.</param>
    /// <param name="cancellation">Stops listening, not what was asked.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> AskAsync(int? process, ControlRequest request, Action<ControlReply> say, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var target = process ?? Only();
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(ControlEndpoint.Of(target)), cancellation);
        }
        catch (SocketException)
        {
            var listening = ControlEndpoint.Listening();
            throw new UsageException($"No process {target} listens. {(listening.Count == 0 ? "None does." : $"Listening: {string.Join(", ", listening)}.")}");
        }
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(request, ControlJson.Default.ControlRequest) + "\n"), cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            var reply = JsonSerializer.Deserialize(line, ControlJson.Default.ControlReply) ?? throw new IOException($"'{line}' is no answer.");
            say(reply);
            if (reply.ExitCode is { } code) return code;
        }
        throw new IOException($"The process {target} ended before it had answered.");
    }

    private static int Only() => ControlEndpoint.Listening() switch
    {
        [var one] => one,
        [] => throw new UsageException("No process listens. Start one: hotplug run."),
        var several => throw new UsageException($"Several processes listen: {string.Join(", ", several)}. Say which with --pid."),
    };
}
