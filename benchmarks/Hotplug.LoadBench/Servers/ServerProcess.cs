using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Hotplug.LoadBench.Servers;

/// <summary>A server on this machine. Disposed, it has ended, one way or the other.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2), EndTime = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(string name, ProcessStartInfo start, Func<string, Uri?> listening)
    {
        Name = name;
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        _process = new() { StartInfo = start, EnableRaisingEvents = true };
        void Hear(string? line)
        {
            if (line is null) return;
            lock (_said)
                if (_said.Length < 1 << 20) _said.AppendLine(line);
            if (listening(line) is { } url) _listening.TrySetResult(url);
        }
        _process.ErrorDataReceived += (_, e) => Hear(e.Data);
        _process.OutputDataReceived += (_, e) => Hear(e.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new ServerFailedException($"{name} ended with {_process.ExitCode} before it listened:\n{Said}"));
        _process.Start();
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public string Name { get; }

    public int Id => _process.Id;

    private string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <summary>Starts a server, and waits until it can be asked.</summary>
    /// <param name="name">Its name, for people.</param>
    /// <param name="start">The program.</param>
    /// <param name="listening">Finds in a line that it says where it listens.</param>
    /// <param name="cancellation">Gives it up.</param>
    public static async Task<(ServerProcess Server, Uri Address)> StartAsync(string name, ProcessStartInfo start, Func<string, Uri?> listening, CancellationToken cancellation)
    {
        var server = new ServerProcess(name, start, listening);
        try
        {
            return (server, await server._listening.Task.WaitAsync(StartTime, cancellation));
        }
        catch (Exception failure)
        {
            await server.DisposeAsync();
            throw failure is TimeoutException ? new ServerFailedException($"{name} did not listen within {StartTime.TotalSeconds:0} s:\n{server.Said}") : failure;
        }
    }

    /// <summary>Asks it to end.</summary>
    /// <exception cref="ServerFailedException">It did not, or failed in it.</exception>
    public async Task StopAsync()
    {
        const int SigTerm = 15;
        if (_process.HasExited) throw new ServerFailedException($"{Name} ended by itself with {_process.ExitCode}:\n{Said}");
        _ = kill(_process.Id, SigTerm);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(EndTime);
        }
        catch (TimeoutException)
        {
            throw new ServerFailedException($"{Name} did not end within {EndTime.TotalSeconds:0} s of SIGTERM:\n{Said}");
        }
        if (_process.ExitCode != 0) throw new ServerFailedException($"{Name} ended with {_process.ExitCode}:\n{Said}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
