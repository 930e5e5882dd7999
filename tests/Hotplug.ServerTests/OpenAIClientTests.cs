using System.Diagnostics;
using Xunit;

namespace Hotplug.ServerTests;

/// <summary>OpenAI's own client for JavaScript, of whose package a folder <c>node_modules</c> is named by HOTPLUG_NODE_MODULES.</summary>
public sealed class OpenAIClientTests
{
    [Fact]
    public async Task The_official_client_lists_chats_streams_calls_tools_and_embeds()
    {
        var modules = Environment.GetEnvironmentVariable("HOTPLUG_NODE_MODULES");
        Assert.SkipUnless(modules is not null && Directory.Exists(Path.Combine(modules, "openai")), "HOTPLUG_NODE_MODULES names no folder with the npm package openai: install it there with 'npm install openai'.");
        await using var server = await StoryServer.StartAsync(embeddings: true);
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Data", "openai.mjs"));
        start.ArgumentList.Add(server.Client.BaseAddress!.ToString().TrimEnd('/'));
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        Assert.Equal("ok", (await output).Trim());
    }
}
