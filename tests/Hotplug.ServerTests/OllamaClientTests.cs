using Xunit;

namespace Hotplug.ServerTests;

/// <summary>Ollama's own client.</summary>
public sealed class OllamaClientTests
{
    [Fact]
    public async Task The_official_client_lists_chats_generates_streams_calls_tools_and_embeds()
    {
        ClientPackage.Require("ollama");
        await using var server = await StoryServer.StartAsync(embeddings: true);
        await ClientPackage.RunAsync("ollama", server);
    }
}
