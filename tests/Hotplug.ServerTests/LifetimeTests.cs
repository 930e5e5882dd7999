using System.Text.Json.Nodes;
using Hotplug.Inference.Deployment;
using Xunit;

namespace Hotplug.ServerTests;

/// <summary>Requests that meet others, are given up, or meet the end of the server.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public async Task Whoever_goes_away_frees_his_slot_and_a_full_queue_says_when_to_come_again()
    {
        await using var server = await StoryServer.StartAsync(slots: 1, queue: 0);
        var scheduler = await server.SchedulerAsync();
        // The whole text as tokens; then another text takes its slot.
        int[] prompt = (await server.Host.GetAsync(StoryServer.Model)).Tokenizer.Encode("Once upon a time", addSpecial: true);
        var known = await scheduler.Write(prompt, new() { MaxTokens = 400, Logprobs = 0, Sampler = new() { Temperature = 0 } }).Completion;
        int[] whole = [.. prompt, .. known.Choices.Select(c => c.Chosen.Token)];
        await server.PostAsync("/v1/completions", StoryServer.Completion(1, "A dog"));
        using var first = await server.OpenAsync("/v1/completions", StoryServer.Completion(400));
        Assert.Equal(1, scheduler.Writing);
        using (var refused = await server.OpenAsync("/v1/chat/completions", StoryServer.Chat()))
            Assert.Equal((429, 1), ((int)refused.StatusCode, (int)refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        first.Dispose();
        // Until the connection's end is known, the queue is full; then the slot has a part of the text only.
        (int Status, JsonNode Answer) next;
        var request = StoryServer.Completion(1);
        request["prompt"] = new JsonArray([.. whole.Select(t => (JsonNode)t)]);
        do next = await server.PostAsync("/v1/completions", request);
        while (next.Status == 429);
        Assert.Equal(200, next.Status);
        Assert.InRange((int)next.Answer["usage"]!["prompt_tokens_details"]!["cached_tokens"]!, prompt.Length, whole.Length - 10);
    }

    [Fact]
    public async Task A_swap_while_it_streams_changes_nothing()
    {
        await using var server = await StoryServer.StartAsync();
        var alone = await TextAsync(server);
        var streams = Enumerable.Range(0, 3).Select(_ => TextAsync(server)).ToArray();
        var swap = await server.Host.SwapAsync(new("cpu") { Options = new SwapOptions { ProbationSteps = 0 } });
        Assert.True(swap.To > swap.From);
        foreach (var text in await Task.WhenAll(streams)) Assert.Equal(alone, text);

        static async Task<string> TextAsync(StoryServer server)
            => string.Concat((await server.StreamAsync("/v1/completions", StoryServer.Completion(48))).SkipLast(1).Select(e => (string)JsonNode.Parse(e)!["choices"]![0]!["text"]!));
    }

    [Fact]
    public async Task A_server_that_stops_brings_answers_to_their_end()
    {
        await using var server = await StoryServer.StartAsync();
        var whole = await server.PostAsync("/v1/completions", StoryServer.Completion(100));
        using var response = await server.OpenAsync("/v1/completions", StoryServer.Completion(100));
        var stop = server.App.StopAsync();
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..]).ToList();
        Assert.Equal("[DONE]", events[^1]);
        Assert.Equal((string?)whole.Answer["choices"]![0]!["text"], string.Concat(events.SkipLast(1).Select(e => (string)JsonNode.Parse(e)!["choices"]![0]!["text"]!)));
        await stop;
        await Assert.ThrowsAsync<HttpRequestException>(() => server.Client.GetAsync("/health/live"));
    }

    [Fact]
    public async Task Readiness_comes_with_the_models()
    {
        await using var server = await StoryServer.StartAsync();
        await server.SchedulerAsync();
        HttpResponseMessage ready;
        do ready = await server.Client.GetAsync("/health/ready");
        while (!ready.IsSuccessStatusCode && JsonNode.Parse(await ready.Content.ReadAsStringAsync())!["status"]!.ToString() == "loading");
        Assert.Equal("ready", (string?)JsonNode.Parse(await ready.Content.ReadAsStringAsync())!["status"]);
    }
}
