using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Hotplug.ServerTests;

/// <summary>How often and for how long may be asked, and what is a failure of the server's own.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task A_request_that_takes_too_long_ends_with_an_error_in_its_dialect()
    {
        var time = new FakeTimeProvider();
        var script = new ScriptedChatClient([new TextContent("slow")], endless: true);
        await using var server = await StoryServer.StartAsync(o => o.RequestTimeout = TimeSpan.FromSeconds(30), services: s => s.AddKeyedSingleton<IChatClient>(StoryServer.Model, script).AddSingleton<TimeProvider>(time));
        foreach (var (path, error) in ((string, string)[])[("/v1/chat/completions", "data: {\"error\":{"), ("/api/chat", "{\"error\":\"")])
        {
            using var response = await server.OpenAsync(path, StoryServer.Chat());
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.Contains("assistant", await reader.ReadLineAsync());
            time.Advance(TimeSpan.FromSeconds(31));
            var rest = (await reader.ReadToEndAsync()).TrimEnd().Split('\n');
            Assert.StartsWith(error, rest[^1]);
            Assert.Contains("longer than", rest[^1]);
        }
        var whole = server.PostAsync("/v1/chat/completions", StoryServer.Chat());
        while (!whole.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(31));
            await Task.Yield();
        }
        var (status, answer) = await whole;
        Assert.Equal((504, "request_timeout"), (status, (string?)answer["error"]!["code"]));
    }

    [Fact]
    public async Task Callers_have_their_own_number_of_requests()
    {
        await using var server = await StoryServer.StartAsync(o =>
        {
            (o.RateLimit, o.RateLimitWindow) = (2, TimeSpan.FromHours(10));
            o.ApiKeys.Add("a");
            o.ApiKeys.Add("b");
        });
        Assert.Equal((int[])[200, 200, 429], (int[])[await AskAsync("a"), await AskAsync("a"), await AskAsync("a")]);
        Assert.Equal(200, await AskAsync("b"));
        // Whoever has no key takes nothing from those who have.
        Assert.Equal(401, await AskAsync("c"));
        Assert.Equal(200, await AskAsync("b"));
        using var health = await server.Client.GetAsync("/health/live");
        Assert.True(health.IsSuccessStatusCode);

        async Task<int> AskAsync(string key)
        {
            server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var response = await server.Client.GetAsync("/v1/models");
            if ((int)response.StatusCode == 429)
            {
                Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(5));
                Assert.Equal("rate_limited", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["code"]);
            }
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task What_fails_inside_is_no_fault_of_the_request_whatever_its_type()
    {
        var script = new ScriptedChatClient([]);
        await using var server = await StoryServer.StartAsync(services: s => s.AddKeyedSingleton<IChatClient>(StoryServer.Model, script));
        foreach (var failure in (Exception[])[new ArgumentException("secret"), new ArgumentOutOfRangeException("secret"), new NotSupportedException("secret"), new System.Text.Json.JsonException("secret")])
        {
            script.Failure = failure;
            var (status, answer) = await server.PostAsync("/v1/chat/completions", StoryServer.Chat());
            Assert.Equal((500, "internal_error"), (status, (string?)answer["error"]!["code"]));
            Assert.DoesNotContain("secret", answer.ToJsonString());
        }
    }

    [Fact]
    public async Task The_document_describes_every_dialect_by_the_names_that_are_sent()
    {
        await using var server = await StoryServer.StartAsync();
        var document = await server.GetAsync("/openapi/v1.json");
        var paths = document["paths"]!.AsObject();
        foreach (var path in (string[])["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/api/v1/generate", "/api/extra/generate/stream", "/api/extra/abort", "/api/chat", "/api/generate", "/api/tags"]) Assert.Contains(path, paths.Select(p => p.Key));
        Assert.Contains("rep_pen_range", Fields("/api/v1/generate"));
        Assert.Contains("max_completion_tokens", Fields("/v1/chat/completions"));
        Assert.Contains("keep_alive", Fields("/api/chat"));

        IEnumerable<string> Fields(string path)
        {
            var schema = paths[path]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!;
            if ((string?)schema["$ref"] is { } reference) schema = document["components"]!["schemas"]![reference.Split('/')[^1]]!;
            return schema["properties"]!.AsObject().Select(p => p.Key);
        }
    }
}
