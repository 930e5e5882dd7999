using Xunit;

namespace Hotplug.ServerTests;

/// <summary>OpenAI's own client.</summary>
public sealed class OpenAIClientTests
{
    [Fact]
    public async Task The_official_client_lists_chats_streams_calls_tools_and_embeds()
    {
        ClientPackage.Require("openai");
        await using var server = await StoryServer.StartAsync(embeddings: true);
        await ClientPackage.RunAsync("openai", server);
    }
}
