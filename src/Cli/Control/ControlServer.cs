using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Hotplug.Cli.Control;

/// <summary>Hears what other commands of the same user ask of this process: one request per connection, answered line by line. Dispose it before what it acts on.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private const int LongestRequest = 64 << 10;

    private readonly Socket _socket;
    private readonly string _path;
    private readonly Func<ControlRequest, Func<string, Task>, CancellationToken, Task<(int ExitCode, string Text)>> _handle;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _listening;

    private ControlServer(Socket socket, string path, Func<ControlRequest, Func<string, Task>, CancellationToken, Task<(int, string)>> handle)
    {
        (_socket, _path, _handle) = (socket, path, handle);
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>Begins to listen.</summary>
    /// <param name="handle">Does what is asked: gets a way to say what goes on meanwhile; returns an exit code and the last word.</param>
    /// <exception cref="IOException">There is no place to listen.</exception>
    public static ControlServer Start(Func<ControlRequest, Func<string, Task>, CancellationToken, Task<(int ExitCode, string Text)>> handle)
    {
        var path = ControlEndpoint.Of(Environment.ProcessId);
        // Of an ended process that had the same id.
        ControlEndpoint.TryDelete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen();
            return new ControlServer(socket, path, handle);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentOutOfRangeException)
        {
            socket.Dispose();
            // The paths of sockets are short: about 100 bytes.
            throw new IOException($"{path} cannot be listened at: {failure.Message}", failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _socket.Dispose();
        ControlEndpoint.TryDelete(_path);
        await _listening;
        _end.Dispose();
    }

    private async Task ListenAsync()
    {
        var answers = new List<Task>();
        try
        {
            while (true)
            {
                var connection = await _socket.AcceptAsync(_end.Token).ConfigureAwait(false);
                answers.RemoveAll(a => a.IsCompleted);
                answers.Add(Task.Run(() => AnswerAsync(connection)));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
        await Task.WhenAll(answers).ConfigureAwait(false);
    }

    private async Task AnswerAsync(Socket connection)
    {
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            if (await ReadAsync(stream).ConfigureAwait(false) is not { } line) return;
            ControlReply last;
            try
            {
                var request = JsonSerializer.Deserialize(line, ControlJson.Default.ControlRequest)!;
                if (request.Version != ControlRequest.CurrentVersion)
                    throw new UsageException($"The process speaks version {ControlRequest.CurrentVersion} of the protocol, and was asked in {request.Version}. Use the same program for both.");
                var (code, text) = await _handle(request, text => WriteAsync(stream, new() { Text = text }), _end.Token).ConfigureAwait(false);
                last = new() { Text = text, ExitCode = code };
            }
            catch (JsonException malformed)
            {
                last = new() { Text = $"That is no request: {malformed.Message}", ExitCode = ExitCode.Usage };
            }
            catch (Exception failure) when (failure is not IOException)
            {
                var (code, text) = Failures.Explain(failure);
                last = new() { Text = text, ExitCode = code };
            }
            await WriteAsync(stream, last).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Whoever asked went away; what was asked has been done.
        }
    }

    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[4096];
        var line = new MemoryStream();
        while (line.Length < LongestRequest)
        {
            var count = await stream.ReadAsync(buffer, _end.Token).ConfigureAwait(false);
            if (count == 0) return null;
            line.Write(buffer, 0, count);
            if (Array.IndexOf(buffer, (byte)'\n', 0, count) >= 0) return Encoding.UTF8.GetString(line.ToArray());
        }
        return null;
    }

    private static async Task WriteAsync(NetworkStream stream, ControlReply reply)
        => await stream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(reply, ControlJson.Default.ControlReply) + "\n")).ConfigureAwait(false);
}
