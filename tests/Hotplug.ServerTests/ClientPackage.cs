using System.Diagnostics;
using Xunit;

namespace Hotplug.ServerTests;

/// <summary>Clients that others wrote: packages for JavaScript, of which a folder <c>node_modules</c> is named by HOTPLUG_NODE_MODULES.</summary>
internal static class ClientPackage
{
    /// <summary>Runs a script of this project's data over a server; it uses the package and prints ok.</summary>
    public static async Task RunAsync(string package, StoryServer server)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Data", $"{package}.mjs"));
        start.ArgumentList.Add(server.Client.BaseAddress!.ToString().TrimEnd('/'));
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        Assert.Equal("ok", (await output).Trim());
    }

    /// <summary>Skips a test where the package is not there.</summary>
    public static void Require(string package)
    {
        var modules = Environment.GetEnvironmentVariable("HOTPLUG_NODE_MODULES");
        Assert.SkipUnless(modules is not null && Directory.Exists(Path.Combine(modules, package)), $"HOTPLUG_NODE_MODULES names no folder with the npm package {package}: install it there with 'npm install {package}'.");
    }
}
