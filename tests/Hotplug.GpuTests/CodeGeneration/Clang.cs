using System.Diagnostics;
using Xunit;

namespace Hotplug.GpuTests.CodeGeneration;

/// <summary>Clang's front end for OpenCL C, where the machine has it.</summary>
internal static class Clang
{
    private static readonly string[] Names = ["clang-16", "clang"];

    /// <summary>Checks sources, given by name, in one call.</summary>
    /// <returns>What clang finds wrong, or an empty text.</returns>
    public static async Task<string> CheckAsync(IEnumerable<(string Name, string Source)> sources)
    {
        var clang = Find();
        Assert.SkipWhen(clang is null, "There is no clang-16 or clang to check OpenCL source with: apt-get install clang-16.");
        var folder = Directory.CreateTempSubdirectory("hotplug-opencl-");
        try
        {
            var start = new ProcessStartInfo(clang) { WorkingDirectory = folder.FullName, RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var argument in (string[])["-x", "cl", "-cl-std=CL3.0", "-fsyntax-only", "-Wno-unused", "-ferror-limit=20"]) start.ArgumentList.Add(argument);
            foreach (var (name, source) in sources)
            {
                var file = string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c == '.' ? c : '_')) + ".cl";
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), source);
                start.ArgumentList.Add(file);
            }
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = await process.StandardError.ReadToEndAsync() + await output;
            await process.WaitForExitAsync();
            if (process.ExitCode == 0) return "";
            return errors.Length > 0 ? errors : $"{clang} ended with {process.ExitCode}.";
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string? Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
