using System.Net.Sockets;
using System.Text;

namespace Hotplug.ServerTests.Faults;

/// <summary>A connection that speaks as much or as little HTTP as a test wants. Disposed, it is closed in order; see <see cref="Break"/>.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Connects.</summary>
    /// <param name="server">To whom.</param>
    /// <param name="window">Bytes that the system takes for a reader who does not read; null for what it likes.</param>
    public static async Task<RawConnection> OpenAsync(StoryServer server, int? window = null)
    {
        var connection = new RawConnection();
        // Before the connection, or the other end has been told otherwise.
        if (window is { } bytes) connection._socket.ReceiveBufferSize = bytes;
        await connection._socket.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        return connection;
    }

    /// <summary>A whole request.</summary>
    public static string Post(string path, string body) => $"{Head(path, body.Length)}{body}";

    /// <summary>The head of a request whose body has so many bytes.</summary>
    public static string Head(string path, long length) => $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n";

    /// <summary>Sends; false if the other end has closed the connection.</summary>
    public async Task<bool> TrySendAsync(string text)
    {
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(text));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Reads until a text has come so many times, and gives all until then.</summary>
    public async Task<string> ReadUntilAsync(string mark, int times = 1)
    {
        var (said, buffer) = ("", new byte[4096]);
        while (said.Split(mark).Length <= times)
        {
            var count = await _socket.ReceiveAsync(buffer);
            if (count == 0) throw new EndOfStreamException($"Closed before '{mark}': {said}");
            said += Encoding.UTF8.GetString(buffer, 0, count);
        }
        return said;
    }

    /// <summary>Reads until the other end closes the connection, in order or not, and gives what came.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var (said, buffer) = (new StringBuilder(), new byte[65536]);
        try
        {
            while (await _socket.ReceiveAsync(buffer) is > 0 and var count) said.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
        }
        return said.ToString();
    }

    /// <summary>Says that nothing more is sent, and goes on to read.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Tears the connection down: the other end gets a reset.</summary>
    public void Break()
    {
        _socket.LingerState = new(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();
}
