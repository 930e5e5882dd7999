using System.Diagnostics;

namespace Hotplug.MslExecutor;

/// <summary>The compiler that the executor needs: clang 16 or newer, found as HOTPLUG_CLANG, <c>clang-16</c> and up, or <c>clang</c>. Immutable.</summary>
public sealed class Toolchain
{
    private static readonly Lazy<Toolchain> Found = new(Search);

    private Toolchain(string? path, string? unavailable, string version = "") => (Path, Unavailable, Version) = (path!, unavailable, version);

    /// <summary>What this machine has; looked for once.</summary>
    public static Toolchain Current => Found.Value;

    /// <summary>Why shaders cannot be run here, with the cure, or null.</summary>
    public string? Unavailable { get; }

    /// <summary>Path of clang.</summary>
    internal string Path { get; }

    /// <summary>What it says it is; part of what compiled libraries are found by.</summary>
    internal string Version { get; }

    /// <summary>Runs clang and returns what it wrote to the error stream; <paramref name="succeeded"/> tells its exit status.</summary>
    internal string Run(IEnumerable<string> arguments, out bool succeeded) => Run(Path, arguments, out succeeded);

    private static string Run(string path, IEnumerable<string> arguments, out bool succeeded)
    {
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        succeeded = process.ExitCode == 0;
        return errors + output.GetAwaiter().GetResult();
    }

    private static Toolchain Search()
    {
        const string Cure = "install clang-16 (Debian: apt-get install clang-16), or set HOTPLUG_CLANG to a clang of version 16 or newer";
        if (!OperatingSystem.IsLinux()) return new(null, "not available: Metal shaders are run on the processor on Linux only");
        if (System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture is not (System.Runtime.InteropServices.Architecture.X64 or System.Runtime.InteropServices.Architecture.Arm64))
            return new(null, "not available: Metal shaders are run on x64 and arm64 processors only");
        var named = Environment.GetEnvironmentVariable("HOTPLUG_CLANG");
        string[] names = named is { Length: > 0 } ? [named] : ["clang-16", "clang-17", "clang-18", "clang-19", "clang-20", "clang"];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names)
            foreach (var path in name.Contains('/') ? [name] : folders.Select(folder => System.IO.Path.Combine(folder, name)))
            {
                if (!File.Exists(path)) continue;
                var version = Run(path, ["--version"], out var runs);
                var at = version.IndexOf("version ", StringComparison.Ordinal);
                if (runs && at >= 0 && int.TryParse(version.AsSpan(at + 8, version.AsSpan(at + 8).IndexOf('.')), out var major) && major >= 16)
                    return new(path, null, version);
            }
        return new(null, $"not available: {Cure}");
    }
}
