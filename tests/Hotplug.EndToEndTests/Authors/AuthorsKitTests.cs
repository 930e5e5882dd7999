using System.Diagnostics;
using System.Reflection;
using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Authors;

/// <summary>Packages, templates and the sample from outside, as an author meets them: in a folder of its own, with a feed of its own.</summary>
public sealed class AuthorsKitTests(ITestOutputHelper output)
{
    private const int NoPackages = 77;

    [Fact]
    public async Task A_stranger_gets_from_nothing_to_a_plugin_that_runs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is one for bash.");
        var configuration = typeof(AuthorsKitTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "build", "try-authors-kit.sh"));
        start.ArgumentList.Add(configuration);
        // What the runner of these tests tells its children is not for the tests that the script runs.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("TESTINGPLATFORM", StringComparison.OrdinalIgnoreCase) || name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["PATH"] = Path.GetDirectoryName(ChildProcess.DotNet) + Path.PathSeparator + start.Environment["PATH"];
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var cancellation = TestContext.Current.CancellationToken;
            var (said, failed) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            await process.WaitForExitAsync(cancellation);
            var text = await said + await failed;
            output.WriteLine(text);
            Assert.SkipWhen(process.ExitCode == NoPackages, "Packages cannot be restored here: no source of packages answers, and the machine does not have them.");
            Assert.True(process.ExitCode == 0, text);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
