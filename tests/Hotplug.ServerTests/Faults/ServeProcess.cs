using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Hotplug.ServerTests.Faults;

/// <summary><c>hotplug serve</c> as a process of its own, with a folder for what it writes. Disposed, both are gone.</summary>
internal sealed partial class ServeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServeProcess(string program, string[] arguments)
    {
        Folder = Directory.CreateTempSubdirectory("hotplug-serve-").FullName;
        // The runtime that this process runs on.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        var start = new ProcessStartInfo(dotnet, [program, "serve", "--port", "0", "--backend", "cpu", .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var name in new[] { "HOME", "XDG_RUNTIME_DIR", "TMPDIR" }) start.Environment[name] = Folder;
        start.Environment.Remove("HOTPLUG_PLUGINS");
        _process = new() { StartInfo = start };
        _process.ErrorDataReceived += (_, e) => Hear(e.Data);
        _process.OutputDataReceived += (_, e) => Hear(e.Data);
        _process.Start();
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Where it may write: its home, its runtime folder and its temporary one.</summary>
    public string Folder { get; }

    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <summary>Starts it, and waits until it listens. Null, with why, where the command line has not been built.</summary>
    public static async Task<(ServeProcess Process, Uri Address)> StartAsync(params string[] arguments)
    {
        var configuration = typeof(ServeProcess).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Framework.sln"))) folder = folder.Parent;
        var process = new ServeProcess(Path.Combine(folder!.FullName, "src", "Cli", "bin", configuration, "net10.0", "hotplug.dll"), arguments);
        try
        {
            return (process, await process._listening.Task.WaitAsync(TimeSpan.FromMinutes(1)));
        }
        catch (TimeoutException)
        {
            var said = process.Said;
            await process.DisposeAsync();
            throw new TimeoutException($"It does not listen:\n{said}");
        }
    }

    /// <summary>Asks it to end.</summary>
    public void Terminate()
    {
        const int SigTerm = 15;
        if (kill(_process.Id, SigTerm) != 0) throw new InvalidOperationException($"kill: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Waits for its end; gives the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Hear(string? line)
    {
        const string Listening = "listening at ";
        if (line is null) return;
        lock (_said) _said.AppendLine(line);
        if (line.StartsWith(Listening, StringComparison.Ordinal)) _listening.TrySetResult(new(line[Listening.Length..]));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
