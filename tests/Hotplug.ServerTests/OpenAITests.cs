using System.Text.Json.Nodes;
using Xunit;

namespace Hotplug.ServerTests;

/// <summary>OpenAI's endpoints, asked as its clients ask.</summary>
public sealed class OpenAITests : IAsyncLifetime
{
    private StoryServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StoryServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Models_are_listed_and_given_by_name()
    {
        var list = JsonNode.Parse(await _server.Client.GetStringAsync("/v1/models"))!;
        Assert.Equal(("list", "story", "model"), ((string?)list["object"], (string?)list["data"]![0]!["id"], (string?)list["data"]![0]!["object"]));
        Assert.Equal("story", (string?)JsonNode.Parse(await _server.Client.GetStringAsync("/v1/models/story"))!["id"]);
        using var missing = await _server.Client.GetAsync("/v1/models/nothing");
        Assert.Equal(404, (int)missing.StatusCode);
    }

    [Fact]
    public async Task The_events_of_a_completion_add_up_to_the_whole()
    {
        var (status, whole) = await _server.PostAsync("/v1/completions", StoryServer.Completion());
        Assert.Equal(200, status);
        var text = (string)whole["choices"]![0]!["text"]!;
        Assert.NotEmpty(text);
        Assert.Equal(("length", 12), ((string?)whole["choices"]![0]!["finish_reason"], (int)whole["usage"]!["completion_tokens"]!));
        var request = StoryServer.Completion();
        request["stream_options"] = new JsonObject { ["include_usage"] = true };
        var events = await _server.StreamAsync("/v1/completions", request);
        Assert.Equal("[DONE]", events[^1]);
        var documents = events.SkipLast(1).Select(e => JsonNode.Parse(e)!).ToList();
        Assert.True(documents.Count > 4);
        Assert.Equal(text, string.Concat(documents.SkipLast(1).Select(d => (string)d["choices"]![0]!["text"]!)));
        Assert.Equal("length", (string?)documents[^2]["choices"]![0]!["finish_reason"]);
        Assert.Empty(documents[^1]["choices"]!.AsArray());
        Assert.Equal(12, (int)documents[^1]["usage"]!["completion_tokens"]!);
        Assert.Single(documents.Select(d => (string)d["id"]!).Distinct());
    }

    [Fact]
    public async Task The_events_of_a_chat_add_up_to_the_whole()
    {
        var (status, whole) = await _server.PostAsync("/v1/chat/completions", StoryServer.Chat());
        Assert.Equal((200, "chat.completion", "assistant"), (status, (string?)whole["object"], (string?)whole["choices"]![0]!["message"]!["role"]));
        var documents = (await _server.StreamAsync("/v1/chat/completions", StoryServer.Chat())).SkipLast(1).Select(e => JsonNode.Parse(e)!).ToList();
        Assert.Equal("assistant", (string?)documents[0]["choices"]![0]!["delta"]!["role"]);
        Assert.Equal((string?)whole["choices"]![0]!["message"]!["content"], string.Concat(documents.Select(d => (string?)d["choices"]![0]!["delta"]!["content"])));
        Assert.Equal((string?)whole["choices"]![0]!["finish_reason"], (string?)documents[^1]["choices"]![0]!["finish_reason"]);
    }

    [Fact]
    public async Task A_stop_ends_the_text_and_a_prompt_may_be_tokens()
    {
        var text = (string)(await _server.PostAsync("/v1/completions", StoryServer.Completion(30))).Answer["choices"]![0]!["text"]!;
        var stop = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
        var request = StoryServer.Completion(30);
        request["stop"] = new JsonArray(stop);
        var (_, stopped) = await _server.PostAsync("/v1/completions", request);
        Assert.Equal(("stop", text[..text.IndexOf(stop, StringComparison.Ordinal)]), ((string?)stopped["choices"]![0]!["finish_reason"], (string)stopped["choices"]![0]!["text"]!));
        var model = await _server.Host.GetAsync(StoryServer.Model);
        request = StoryServer.Completion(30);
        request["prompt"] = new JsonArray([.. model.Tokenizer.Encode("Once upon a time", addSpecial: true).Select(t => (JsonNode)t)]);
        Assert.Equal(text, (string)(await _server.PostAsync("/v1/completions", request)).Answer["choices"]![0]!["text"]!);
    }

    [Fact]
    public async Task A_seed_gives_the_same_text_again()
    {
        async Task<string> TextAsync(int seed)
        {
            var request = StoryServer.Completion(24);
            (request["temperature"], request["seed"]) = (1.3, seed);
            return (string)(await _server.PostAsync("/v1/completions", request)).Answer["choices"]![0]!["text"]!;
        }
        Assert.Equal(await TextAsync(0), await TextAsync(0));
        Assert.NotEqual(await TextAsync(1), await TextAsync(2));
    }

    [Fact]
    public async Task A_schema_is_kept_to()
    {
        var request = StoryServer.Chat(200);
        request["response_format"] = JsonNode.Parse("""
            {"type":"json_schema","json_schema":{"name":"pet","schema":{"type":"object","properties":{"animal":{"enum":["cat","dog"]},"age":{"type":"integer","minimum":1,"maximum":20}},"required":["animal","age"],"additionalProperties":false}}}
            """);
        var (_, answer) = await _server.PostAsync("/v1/chat/completions", request);
        var pet = JsonNode.Parse((string)answer["choices"]![0]!["message"]!["content"]!)!;
        Assert.True((string?)pet["animal"] is "cat" or "dog");
        Assert.InRange((int)pet["age"]!, 1, 20);
    }

    [Fact]
    public async Task A_tool_that_has_to_be_called_is_called_whole_and_in_events()
    {
        JsonObject Request()
        {
            var request = StoryServer.Chat(200);
            request["tools"] = JsonNode.Parse("""[{"type":"function","function":{"name":"bark","parameters":{"type":"object","properties":{"loud":{"type":"boolean"}},"required":["loud"],"additionalProperties":false}}}]""");
            request["tool_choice"] = JsonNode.Parse("""{"type":"function","function":{"name":"bark"}}""");
            return request;
        }
        var (_, answer) = await _server.PostAsync("/v1/chat/completions", Request());
        var choice = answer["choices"]![0]!;
        Assert.Equal("tool_calls", (string?)choice["finish_reason"]);
        var call = Assert.Single(choice["message"]!["tool_calls"]!.AsArray())!;
        Assert.Equal(("function", "bark"), ((string?)call["type"], (string?)call["function"]!["name"]));
        var arguments = (string)call["function"]!["arguments"]!;
        Assert.NotNull(JsonNode.Parse(arguments)!["loud"]);
        var streamed = (await _server.StreamAsync("/v1/chat/completions", Request())).SkipLast(1).Select(e => JsonNode.Parse(e)!["choices"]![0]!["delta"]!["tool_calls"]).Single(c => c is not null)!;
        Assert.Equal((0, arguments), ((int)streamed[0]!["index"]!, (string)streamed[0]!["function"]!["arguments"]!));
        // What the tool said is read in the next request.
        var next = Request();
        next.Remove("tool_choice");
        next["messages"]!.AsArray().Add(choice["message"]!.DeepClone());
        next["messages"]!.AsArray().Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = (string)call["id"]!, ["content"] = "woof" });
        next["max_tokens"] = 4;
        Assert.Equal(200, (await _server.PostAsync("/v1/chat/completions", next)).Status);
    }

    [Fact]
    public async Task Several_answers_and_several_prompts_come_in_their_order_whole_and_in_events()
    {
        var request = StoryServer.Completion(8);
        (request["prompt"], request["n"], request["seed"], request["temperature"]) = (new JsonArray("Once upon a time", "The little dog"), 2, 5, 1.2);
        var (status, whole) = await _server.PostAsync("/v1/completions", request);
        Assert.Equal(200, status);
        var choices = whole["choices"]!.AsArray().Select(c => ((int)c!["index"]!, (string)c["text"]!)).ToList();
        Assert.Equal([0, 1, 2, 3], choices.Select(c => c.Item1));
        Assert.Equal(4, choices.Select(c => c.Item2).Distinct().Count());
        var events = (await _server.StreamAsync("/v1/completions", (JsonObject)request.DeepClone())).SkipLast(1).Select(e => JsonNode.Parse(e)!["choices"]![0]!).ToList();
        foreach (var (index, text) in choices) Assert.Equal(text, string.Concat(events.Where(e => (int)e["index"]! == index).Select(e => (string)e["text"]!)));
        // A prompt counts once, and the first answer is the one that is given alone.
        Assert.Equal((await PromptTokensAsync("Once upon a time")) + await PromptTokensAsync("The little dog"), (int)whole["usage"]!["prompt_tokens"]!);
        (request["prompt"], request["n"]) = ("The little dog", 1);
        Assert.Equal(choices[2].Item2, (string?)(await _server.PostAsync("/v1/completions", request)).Answer["choices"]![0]!["text"]);

        var chat = StoryServer.Chat(8);
        (chat["n"], chat["seed"], chat["temperature"]) = (3, 1, 1.2);
        var (_, answers) = await _server.PostAsync("/v1/chat/completions", chat);
        var parts = (await _server.StreamAsync("/v1/chat/completions", (JsonObject)chat.DeepClone())).SkipLast(1).Select(e => JsonNode.Parse(e)!["choices"]![0]!).ToList();
        Assert.Equal(3, answers["choices"]!.AsArray().Count);
        foreach (var answer in answers["choices"]!.AsArray())
            Assert.Equal((string?)answer!["message"]!["content"], string.Concat(parts.Where(p => (int)p["index"]! == (int)answer["index"]!).Select(p => (string?)p["delta"]!["content"])));

        async Task<int> PromptTokensAsync(string prompt) => (int)(await _server.PostAsync("/v1/completions", StoryServer.Completion(1, prompt))).Answer["usage"]!["prompt_tokens"]!;
    }

    [Fact]
    public async Task Echo_gives_the_prompt_first_and_what_is_not_there_is_refused_by_name()
    {
        var plain = (string)(await _server.PostAsync("/v1/completions", StoryServer.Completion())).Answer["choices"]![0]!["text"]!;
        var request = StoryServer.Completion();
        request["echo"] = true;
        Assert.Equal("Once upon a time" + plain, (string?)(await _server.PostAsync("/v1/completions", request)).Answer["choices"]![0]!["text"]);
        var events = (await _server.StreamAsync("/v1/completions", (JsonObject)request.DeepClone())).SkipLast(1).Select(e => (string)JsonNode.Parse(e)!["choices"]![0]!["text"]!);
        Assert.Equal("Once upon a time" + plain, string.Concat(events));
        foreach (var (name, value) in ((string, JsonNode)[])[("suffix", "the end"), ("best_of", 3), ("n", 0), ("n", 129)])
        {
            request = StoryServer.Completion();
            request[name] = value.DeepClone();
            var (status, answer) = await _server.PostAsync("/v1/completions", request);
            Assert.Equal((400, name), (status, (string?)answer["error"]!["param"]));
        }
    }

    [Fact]
    public async Task Log_probabilities_come_with_the_event_that_they_belong_to()
    {
        var request = StoryServer.Completion();
        request["logprobs"] = 2;
        var events = (await _server.StreamAsync("/v1/completions", request)).SkipLast(1).Select(e => JsonNode.Parse(e)!["choices"]![0]!).ToList();
        Assert.True(events.Count(e => e["logprobs"] is not null) > 6);
        Assert.All(events.Where(e => e["logprobs"] is not null), e => Assert.Equal((string?)e["text"], string.Concat(e["logprobs"]!["tokens"]!.AsArray().Select(t => (string?)t))));
        var offsets = events.Where(e => e["logprobs"] is not null).SelectMany(e => e["logprobs"]!["text_offset"]!.AsArray().Select(o => (int)o!)).ToList();
        Assert.Equal(12, offsets.Count);
        Assert.Equal(offsets.Order(), offsets);
        var chat = StoryServer.Chat();
        chat["logprobs"] = true;
        var parts = (await _server.StreamAsync("/v1/chat/completions", chat)).SkipLast(1).Select(e => JsonNode.Parse(e)!["choices"]![0]!).ToList();
        Assert.Equal(12, parts.Sum(p => p["logprobs"]?["content"]!.AsArray().Count ?? 0));
        Assert.All(parts.Where(p => p["logprobs"] is not null && (string?)p["delta"]!["content"] is { Length: > 0 }),
            p => Assert.Equal((string?)p["delta"]!["content"], string.Concat(p["logprobs"]!["content"]!.AsArray().Select(t => (string?)t!["token"]))));
    }

    [Fact]
    public async Task Log_probabilities_are_told_for_every_token()
    {
        var request = StoryServer.Chat(6);
        (request["logprobs"], request["top_logprobs"]) = (true, 3);
        var (_, answer) = await _server.PostAsync("/v1/chat/completions", request);
        var content = answer["choices"]![0]!["logprobs"]!["content"]!.AsArray();
        Assert.Equal(6, content.Count);
        foreach (var token in content)
        {
            Assert.InRange((float)token!["logprob"]!, -9999f, 0f);
            Assert.Equal(3, token["top_logprobs"]!.AsArray().Count);
            // Greedy: the best is the one chosen.
            Assert.Equal((string?)token["token"], (string?)token["top_logprobs"]![0]!["token"]);
        }
    }
}
