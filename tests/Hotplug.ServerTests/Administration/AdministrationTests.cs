using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Xunit;

namespace Hotplug.ServerTests.Administration;

/// <summary>The endpoints under <c>/admin</c>.</summary>
public sealed class AdministrationTests : IAsyncLifetime
{
    private StoryServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StoryServer.StartAsync();
        await _server.SchedulerAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Plan_receipt_state_and_devices_tell_of_the_same_model()
    {
        var model = await _server.Host.GetAsync(StoryServer.Model);
        await _server.PostAsync("/v1/completions", StoryServer.Completion(7));
        var (plan, receipt, state, devices) = (await GetAsync("plan"), await GetAsync("receipt?model=STORY"), await GetAsync("state"), await GetAsync("devices"));
        Assert.Equal(("hotplug.plan/1", "hotplug.state/1", "hotplug.devices/1"), ((string?)plan["schema"], (string?)state["schema"], (string?)devices["schema"]));
        Assert.Equal(model.Executor.Plan.Weights.Count, plan["tensors"]!.AsArray().Count);
        Assert.Equal((model.Executor.Receipt.Range, model.Executor.Receipt.Committed), ((string?)receipt["range"], (long)receipt["committed"]!));
        var served = Assert.Single(state["models"]!.AsArray())!;
        Assert.Equal((StoryServer.Model, model.Deployment.Place, 2), ((string?)served["name"], (string?)served["place"], (int)served["slots"]!));
        Assert.Equal(model.TokensChosen, (long)served["generatedTokens"]!);
        Assert.InRange(model.TokensChosen, 7, 16);
        Assert.Equal((model.Executor.Receipt.Mapped, model.Executor.Receipt.Locked), ((long)served["memory"]!["mapped"]!, (long)served["memory"]!["locked"]!));
        // Looking opens nothing: the other plugin is there, and closed.
        Assert.Equal(["cpu"], devices["devices"]!.AsArray().Select(d => (string)d!["name"]!));
        Assert.Null(state["backends"]!.AsArray().Single(b => (string?)b!["id"] == "far")!["generation"]);
        var (status, opened) = await _server.PostAsync("/admin/devices", """{"all":true}""");
        Assert.Equal(200, status);
        Assert.Contains("far", opened["devices"]!.AsArray().Select(d => (string)d!["name"]!));
    }

    [Fact]
    public async Task Swaps_and_places_are_done_and_their_events_are_told()
    {
        using var response = await _server.Client.GetAsync("/admin/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("state", (string?)(await NextAsync(reader))["type"]);
        var (status, swap) = await _server.PostAsync("/admin/swap", """{"backend":"cpu","probationSteps":0}""");
        Assert.Equal(200, status);
        Assert.True((long)swap["to"]! > (long)swap["from"]!);
        Assert.Single(swap["models"]!.AsArray());
        var (placed, place) = await _server.PostAsync("/admin/place?model=story", """{"backend":"far","gpuLayers":2,"policy":"recompute"}""");
        Assert.Equal(200, placed);
        Assert.Contains("far", (string)place["models"]![0]!["to"]!, StringComparison.Ordinal);
        var (kinds, progressed) = (new List<string>(), false);
        while (kinds.Count < 2)
        {
            var what = await NextAsync(reader);
            progressed |= (string?)what["type"] == "progress" && (long)what["progress"]!["done"]! <= (long)what["progress"]!["total"]!;
            if ((string?)what["type"] == "model" && (string?)what["model"]!["kind"] == "Moved") kinds.Add((string)what["model"]!["to"]!);
        }
        Assert.True(progressed);
        Assert.Contains("far", kinds[1], StringComparison.Ordinal);
        Assert.Equal(["cpu", "far"], (await GetAsync("plan"))["devices"]!.AsArray().Select(d => (string)d!["name"]!).Order());
    }

    [Theory]
    [InlineData("swap", """{"backend":"nowhere"}""", 409, "There is no backend 'nowhere'")]
    [InlineData("swap", "{}", 400, "Say which backend")]
    [InlineData("swap", """{"backend":"cpu","policy":"perhaps"}""", 400, "no policy of a swap")]
    [InlineData("swap", """{"backend":"cpu","probationSteps":-1}""", 400, "give 0 or more")]
    [InlineData("swap", """{"backend":"cpu","folder":"/elsewhere"}""", 400, "folder")]
    [InlineData("place", """{"backend":"nowhere"}""", 409, "There is no backend 'nowhere'")]
    [InlineData("place", """{"place":["blk"]}""", 400, "PATTERN=DEVICE")]
    [InlineData("place?model=other", "{}", 404, "There are: story")]
    [InlineData("place", "{", 400, "no JSON")]
    public async Task What_is_refused_says_why_as_problem_details(string path, string body, int status, string why)
    {
        var model = await _server.Host.GetAsync(StoryServer.Model);
        var place = model.Deployment;
        using var response = await _server.Client.PostAsync($"/admin/{path}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var problem = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal(status, (int)problem["status"]!);
        Assert.Contains(why, (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.Same(place, model.Deployment);
    }

    [Fact]
    public async Task A_strangers_page_can_neither_ask_nor_change()
    {
        // A form or a script without leave sends no JSON; a name that was pointed here is not one of this machine.
        Assert.Equal(415, (await _server.PostAsync("/admin/swap", """{"backend":"cpu"}""", "text/plain")).Status);
        using var renamed = new HttpRequestMessage(HttpMethod.Get, "/admin/state");
        renamed.Headers.Host = "evil.example";
        using var response = await _server.Client.SendAsync(renamed);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        using var got = await _server.Client.GetAsync("/admin/swap");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, got.StatusCode);
        await using var locked = await StoryServer.StartAsync(o => o.ApiKeys.Add("sesame"));
        using var keyless = await locked.Client.GetAsync("/admin/state");
        Assert.Equal(HttpStatusCode.Unauthorized, keyless.StatusCode);
    }

    [Fact]
    public async Task The_picture_is_an_image_with_words_and_the_page_allows_nothing_foreign()
    {
        using var response = await _server.Client.GetAsync("/admin/picture?width=400&part=true");
        Assert.Equal("image/svg+xml", response.Content.Headers.ContentType?.MediaType);
        var svg = XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!;
        Assert.Equal(("400", "img"), ((string?)svg.Attribute("width"), (string?)svg.Attribute("role")));
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "style" or "script");
        Assert.Equal(400, (int)(await _server.Client.GetAsync("/admin/picture?width=wide")).StatusCode);

        using var page = await _server.Client.GetAsync("/");
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.TryAddWithoutValidation("If-None-Match", page.Headers.ETag!.ToString());
        using var unchanged = await _server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.Client.GetAsync("/page/nothing.js")).StatusCode);
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _server.Client.GetStringAsync($"/admin/{path}"))!;

    private static async Task<JsonNode> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return JsonNode.Parse(line["data: ".Length..])!;
        throw new EndOfStreamException();
    }
}
