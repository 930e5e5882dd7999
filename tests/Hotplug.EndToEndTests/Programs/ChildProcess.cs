using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Hotplug.EndToEndTests.Programs;

/// <summary>Runs programs and takes what they say.</summary>
internal static partial class ChildProcess
{
    /// <summary>The dotnet program that runs this process.</summary>
    public static string DotNet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>What a program left behind.</summary>
    public sealed record Result(int ExitCode, string Output, string Error);

    /// <summary>Runs a program of the platform to its end.</summary>
    /// <param name="program">Path of its dll.</param>
    /// <param name="arguments">Its arguments, each as it is.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    /// <param name="speaking">Called once, when something has come out of it.</param>
    /// <param name="patience">How long until it is given up; a bound on hanging, far beyond what it takes.</param>
    /// <param name="input">What it is told.</param>
    public static async Task<Result> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null,
        Action<Process>? speaking = null, TimeSpan? patience = null, string input = "")
    {
        var start = new ProcessStartInfo(DotNet)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
            UseShellExecute = false,
        };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("HOTPLUG_PLUGINS");
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        if (input.Length > 0) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var limit = patience ?? TimeSpan.FromMinutes(3);
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            var output = ReadAsync(process, speaking, deadline.Token);
            await Task.WhenAll(output, error);
            await process.WaitForExitAsync(deadline.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Path.GetFileName(program)} {string.Join(' ', start.ArgumentList.Skip(1))} did not end within {limit.TotalSeconds:0} s.");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Presses Ctrl-C for a process.</summary>
    public static void Interrupt(Process process)
    {
        const int SigInt = 2;
        if (kill(process.Id, SigInt) != 0) throw new InvalidOperationException($"kill: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static async Task<string> ReadAsync(Process process, Action<Process>? speaking, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        while (await process.StandardOutput.ReadAsync(buffer, cancellation) is var count and > 0)
        {
            text.Append(buffer, 0, count);
            speaking?.Invoke(process);
            speaking = null;
        }
        return text.ToString();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
