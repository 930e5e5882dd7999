using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Hotplug.ServerTests;

/// <summary>Ollama's endpoints, asked as its clients ask.</summary>
public sealed class OllamaTests : IAsyncLifetime
{
    private StoryServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StoryServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static JsonObject Chat(int tokens = 12) => new()
    {
        ["model"] = "story:latest", ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Once upon a time" }), ["options"] = new JsonObject { ["temperature"] = 0, ["num_predict"] = tokens },
    };

    [Fact]
    public async Task The_lines_of_a_chat_add_up_to_the_whole_and_to_that_of_another_dialect()
    {
        var lines = await _server.LinesAsync("/api/chat", Chat());
        var request = Chat();
        (request["stream"], request["keep_alive"]) = (false, -1);
        var (status, whole) = await _server.PostAsync("/api/chat", request);
        Assert.Equal(200, status);
        var text = (string?)whole["message"]!["content"];
        Assert.Equal(text, string.Concat(lines.Select(l => (string?)l["message"]!["content"])));
        Assert.Equal((string?)(await _server.PostAsync("/v1/chat/completions", StoryServer.Chat())).Answer["choices"]![0]!["message"]!["content"], text);
        Assert.All(lines.SkipLast(1), l => Assert.False((bool)l["done"]!));
        foreach (var last in (JsonNode[])[lines[^1], whole])
        {
            Assert.Equal((true, "length", 12, "story:latest"), ((bool)last["done"]!, (string?)last["done_reason"], (int)last["eval_count"]!, (string?)last["model"]));
            Assert.True((long)last["prompt_eval_count"]! > 0 && (long)last["eval_duration"]! > 0 && (long)last["total_duration"]! >= (long)last["eval_duration"]! + (long)last["prompt_eval_duration"]!);
        }
    }

    [Fact]
    public async Task A_raw_prompt_is_gone_on_from_as_it_is_with_log_probabilities_and_in_a_format()
    {
        var request = new JsonObject
        {
            ["model"] = "story", ["prompt"] = "Once upon a time", ["raw"] = true, ["logprobs"] = true, ["top_logprobs"] = 2, ["options"] = new JsonObject { ["temperature"] = 0, ["num_predict"] = 12 },
        };
        var lines = await _server.LinesAsync("/api/generate", request);
        var text = string.Concat(lines.Select(l => (string?)l["response"]));
        Assert.Equal((string?)(await _server.PostAsync("/v1/completions", StoryServer.Completion())).Answer["choices"]![0]!["text"], text);
        // Each with the line that it belongs to.
        Assert.All(lines.Where(l => l["logprobs"] is not null && !(bool)l["done"]!), l => Assert.Equal((string?)l["response"], string.Concat(l["logprobs"]!.AsArray().Select(t => (string?)t!["token"]))));
        Assert.Equal(12, lines.Sum(l => l["logprobs"]?.AsArray().Count ?? 0));
        (request["format"], request["stream"], request["options"]!["num_predict"]) = (JsonNode.Parse("""{"enum":["cat","dog"]}"""), false, 20);
        Assert.True((string?)(await _server.PostAsync("/api/generate", request)).Answer["response"] is "\"cat\"" or "\"dog\"");
    }

    [Fact]
    public async Task Thoughts_and_calls_of_tools_are_told_apart_and_come_through_the_program_s_own_client()
    {
        var script = new ScriptedChatClient([new TextReasoningContent("hm"), new TextContent("well"), new FunctionCallContent("1", "bark", new Dictionary<string, object?> { ["loud"] = true })]);
        await using var server = await StoryServer.StartAsync(services: s => s.AddKeyedSingleton<IChatClient>(StoryServer.Model, script));
        var request = Chat();
        (request["stream"], request["think"], request["format"]) = (false, "high", "json");
        request["tools"] = JsonNode.Parse("""[{"type":"function","function":{"name":"bark","parameters":{"type":"object","properties":{"loud":{"type":"boolean"}}}}}]""");
        request["messages"]!.AsArray().Add(JsonNode.Parse("""{"role":"assistant","content":"","tool_calls":[{"function":{"name":"sit","arguments":{}}},{"function":{"name":"bark","arguments":{"loud":false}}}]}"""));
        request["messages"]!.AsArray().Add(JsonNode.Parse("""{"role":"tool","tool_name":"bark","content":"woof"}"""));
        request["messages"]!.AsArray().Add(JsonNode.Parse("""{"role":"tool","content":"sits"}"""));
        var (_, answer) = await server.PostAsync("/api/chat", request);
        Assert.Equal(("hm", "well", true), ((string?)answer["message"]!["thinking"], (string?)answer["message"]!["content"], (bool)answer["message"]!["tool_calls"]![0]!["function"]!["arguments"]!["loud"]!));
        Assert.Equal(("stop", 7, 3), ((string?)answer["done_reason"], (int)answer["prompt_eval_count"]!, (int)answer["eval_count"]!));
        Assert.Equal("bark", Assert.Single(script.Options!.Tools!).Name);
        Assert.IsType<ChatResponseFormatJson>(script.Options.ResponseFormat);
        Assert.Equal(("high", true), ((string?)script.Options.AdditionalProperties!["reasoning_effort"], (bool)script.Options.AdditionalProperties["enable_thinking"]!));
        // Results find their calls, which have no ids in this dialect.
        var calls = script.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToDictionary(c => c.CallId, c => c.Name);
        Assert.Equal(["bark", "sit"], script.Messages.SelectMany(m => m.Contents).OfType<FunctionResultContent>().Select(r => calls[r.CallId]));
        // The same in the dialect of OpenAI.
        var (_, other) = await server.PostAsync("/v1/chat/completions", StoryServer.Chat());
        Assert.Equal(("hm", "tool_calls", 10), ((string?)other["choices"]![0]!["message"]!["reasoning_content"], (string?)other["choices"]![0]!["finish_reason"], (int)other["usage"]!["total_tokens"]!));
    }

    [Fact]
    public async Task What_there_is_is_told_and_an_empty_request_only_loads()
    {
        await _server.SchedulerAsync();
        var model = (await _server.GetAsync("/api/tags"))["models"]![0]!;
        Assert.Equal(("story:latest", "Q8_0", 64), ((string?)model["name"], (string?)model["details"]!["quantization_level"], ((string)model["digest"]!).Length));
        Assert.Equal(512, (int)(await _server.GetAsync("/api/ps"))["models"]![0]!["context_length"]!);
        var (_, shown) = await _server.PostAsync("/api/show", """{"model":"story"}""");
        Assert.Equal((string?)model["details"]!["family"], (string?)shown["model_info"]!["general.architecture"]);
        Assert.Contains("completion", shown["capabilities"]!.AsArray().Select(c => (string?)c));
        Assert.NotNull((await _server.GetAsync("/api/version"))["version"]);
        var (_, loaded) = await _server.PostAsync("/api/generate", """{"model":"story","keep_alive":"10m"}""");
        Assert.Equal((true, "load", ""), ((bool)loaded["done"]!, (string?)loaded["done_reason"], (string?)loaded["response"]));
    }

    [Theory]
    [InlineData("/api/chat", """{"model":"llama9","messages":[{"role":"user","content":"x"}]}""", 404)]
    [InlineData("/api/chat", """{"model":"story","messages":[{"role":"user","content":"x","images":["aa"]}]}""", 400)]
    [InlineData("/api/chat", """{"model":"story","messages":[{"role":"tool","content":"x"}]}""", 400)]
    [InlineData("/api/chat", """{"model":"story","messages":[{"role":"user","content":"x"}],"options":{"temperature":-1}}""", 400)]
    [InlineData("/api/chat", """{"model":"story","messages":[{"role":"user","content":"x"}],"format":"xml"}""", 400)]
    [InlineData("/api/generate", """{"model":"story","prompt":"x","suffix":"y"}""", 400)]
    [InlineData("/api/generate", """{"model":"story","prompt":"x","context":[1,2]}""", 400)]
    [InlineData("/api/generate", "{", 400)]
    [InlineData("/api/embed", """{"model":"story","input":"x"}""", 400)]
    [InlineData("/api/show", """{"model":"nothing"}""", 404)]
    public async Task What_makes_no_sense_is_refused_in_the_form_of_Ollama(string path, string body, int expected)
    {
        var (status, answer) = await _server.PostAsync(path, body);
        Assert.Equal(expected, status);
        Assert.NotEmpty((string)answer["error"]!);
    }

    [Fact]
    public async Task A_body_need_not_say_that_it_is_JSON_unless_a_browser_sends_it()
    {
        const string Body = """{"model":"story","prompt":"Once","raw":true,"stream":false,"options":{"num_predict":1}}""";
        Assert.Equal(200, (await _server.PostAsync("/api/generate", Body, "application/x-www-form-urlencoded")).Status);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/generate") { Content = new StringContent(Body), Headers = { { "Origin", "https://example.org" } } };
        using var response = await _server.Client.SendAsync(request);
        Assert.Equal(415, (int)response.StatusCode);
        Assert.NotNull((await response.Content.ReadFromJsonAsync<JsonNode>())!["error"]);
    }
}
