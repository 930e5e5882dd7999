using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Xunit;

namespace Hotplug.ServerTests;

/// <summary>What is refused, with which status, and that the server goes on.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private StoryServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StoryServer.StartAsync(o => o.MaxRequestBytes = 20_000);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("{", "malformed_json")]
    [InlineData("null", "malformed_json")]
    [InlineData("""{"model":7}""", "malformed_json")]
    [InlineData("""{"model":"story","temperature":"hot"}""", "malformed_json")]
    [InlineData("""{"model":"story"}""", null)]
    [InlineData("""{"model":"story","messages":[]}""", null)]
    [InlineData("""{"model":"story","messages":[null]}""", null)]
    [InlineData("""{"model":"story","messages":[{"role":"king","content":"x"}]}""", null)]
    [InlineData("""{"model":"story","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}""", null)]
    [InlineData("""{"model":"story","messages":[{"role":"user","content":"x"}],"n":0}""", null)]
    [InlineData("""{"model":"story","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", null)]
    [InlineData("""{"model":"story","messages":[{"role":"user","content":"x"}],"stop":7}""", null)]
    [InlineData("""{"model":"story","messages":[{"role":"user","content":"x"}],"temperature":-1}""", "invalid_value")]
    [InlineData("""{"model":"story","messages":[{"role":"user","content":"x"}],"top_logprobs":2}""", null)]
    [InlineData("""{"model":"story","messages":[{"role":"user","content":"x"}],"tool_choice":"required"}""", null)]
    [InlineData("""{"model":"story","messages":[{"role":"user","content":"x"}],"logit_bias":{"cat":1}}""", null)]
    [InlineData("""{"model":"story","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"schema":{"not":{}}}}}""", "schema_not_supported")]
    public async Task What_makes_no_sense_is_a_400_in_the_form_of_OpenAI(string body, string? code)
    {
        var (status, answer) = await _server.PostAsync("/v1/chat/completions", body);
        Assert.Equal(400, status);
        var error = answer["error"]!;
        Assert.Equal(("invalid_request_error", code), ((string?)error["type"], (string?)error["code"]));
        Assert.NotEmpty((string)error["message"]!);
    }

    [Fact]
    public async Task Unknown_models_large_bodies_and_other_media_have_statuses_of_their_own()
    {
        var request = StoryServer.Chat();
        request["model"] = "gpt-5";
        var (status, answer) = await _server.PostAsync("/v1/chat/completions", request);
        Assert.Equal((404, "model_not_found"), (status, (string?)answer["error"]!["code"]));
        Assert.Equal(413, (await _server.PostAsync("/v1/completions", StoryServer.Completion(1, new string('x', 30_000)))).Status);
        // The same without a length said beforehand.
        using var content = new StreamContent(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(StoryServer.Completion(1, new string('x', 30_000)).ToJsonString())));
        content.Headers.ContentType = new("application/json");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/v1/completions") { Content = content };
        chunked.Headers.TransferEncodingChunked = true;
        using (var response = await _server.Client.SendAsync(chunked)) Assert.Equal(413, (int)response.StatusCode);
        Assert.Equal(415, (await _server.PostAsync("/v1/completions", StoryServer.Completion().ToJsonString(), "text/plain")).Status);
        Assert.Equal(400, (await _server.PostAsync("/v1/completions", StoryServer.Completion(1, string.Concat(Enumerable.Repeat("once upon a time ", 300))))).Status);
        Assert.Equal(400, (await _server.PostAsync("/v1/embeddings", """{"model":"story","input":"x"}""")).Status);
        Assert.Equal(200, (await _server.PostAsync("/v1/completions", StoryServer.Completion(2))).Status);
    }

    [Fact]
    public async Task With_keys_only_those_who_have_one_are_answered()
    {
        await using var server = await StoryServer.StartAsync(o => o.ApiKeys.Add("sesame"));
        using var without = await server.Client.GetAsync("/v1/models");
        Assert.Equal((401, "Bearer"), ((int)without.StatusCode, without.Headers.WwwAuthenticate.Single().Scheme));
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "Sesame");
        Assert.Equal(401, (await server.PostAsync("/v1/completions", StoryServer.Completion(1))).Status);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sesame");
        Assert.Equal(200, (await server.PostAsync("/v1/completions", StoryServer.Completion(1))).Status);
        server.Client.DefaultRequestHeaders.Authorization = null;
        Assert.Equal("live", (string?)JsonNode.Parse(await server.Client.GetStringAsync("/health/live"))!["status"]);
    }
}
