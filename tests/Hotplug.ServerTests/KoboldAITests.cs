using System.Text.Json.Nodes;
using Xunit;

namespace Hotplug.ServerTests;

/// <summary>KoboldAI's endpoints. Written from the API description: the requests are those that it names, not those of a client.</summary>
public sealed class KoboldAITests : IAsyncLifetime
{
    private StoryServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StoryServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static JsonObject Request(int length = 12, string prompt = "Once upon a time") => new() { ["prompt"] = prompt, ["max_length"] = length, ["temperature"] = 0, ["rep_pen"] = 1 };

    [Fact]
    public async Task A_text_is_written_whole_and_in_message_events()
    {
        var (status, answer) = await _server.PostAsync("/api/v1/generate", Request());
        var result = answer["results"]![0]!;
        Assert.Equal((200, "length", 12), (status, (string?)result["finish_reason"], (int)result["completion_tokens"]!));
        // The same text as in another dialect: there is one path of generation.
        Assert.Equal((string?)(await _server.PostAsync("/v1/completions", StoryServer.Completion())).Answer["choices"]![0]!["text"], (string?)result["text"]);
        Assert.Equal((string?)result["text"], (string?)(await _server.PostAsync("/api/latest/generate", Request())).Answer["results"]![0]!["text"]);
        var events = (await _server.StreamAsync("/api/extra/generate/stream", Request(), "message")).Select(e => JsonNode.Parse(e)!).ToList();
        Assert.Equal((string?)result["text"], string.Concat(events.Select(e => (string?)e["token"])));
        Assert.All(events.SkipLast(1), e => Assert.Null(e["finish_reason"]));
        Assert.Equal("length", (string?)events[^1]["finish_reason"]);
    }

    [Fact]
    public async Task A_stop_sequence_is_trimmed_unless_it_is_to_stay()
    {
        var text = (string)(await _server.PostAsync("/api/v1/generate", Request(30))).Answer["results"]![0]!["text"]!;
        var stop = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
        var request = Request(30);
        request["stop_sequence"] = new JsonArray(stop);
        var (_, trimmed) = await _server.PostAsync("/api/v1/generate", request);
        Assert.Equal(("stop", text[..text.IndexOf(stop, StringComparison.Ordinal)]), ((string?)trimmed["results"]![0]!["finish_reason"], (string?)trimmed["results"]![0]!["text"]));
        request["trim_stop"] = false;
        Assert.Equal(text[..(text.IndexOf(stop, StringComparison.Ordinal) + stop.Length)], (string?)(await _server.PostAsync("/api/v1/generate", request)).Answer["results"]![0]!["text"]);
        Assert.Equal(2, (int)(await _server.GetAsync("/api/extra/perf"))["stop_reason"]!);
    }

    [Fact]
    public async Task All_fields_of_samplers_are_taken_and_what_they_say_is_done()
    {
        var request = Request(16);
        foreach (var (name, value) in (ReadOnlySpan<(string, JsonNode)>)
        [
            ("temperature", 0.9), ("top_k", 50), ("top_p", 0.9), ("top_a", 0.1), ("min_p", 0.05), ("tfs", 0.95), ("typical", 0.9), ("nsigma", 2), ("dynatemp_range", 0.3), ("dynatemp_exponent", 1.1),
            ("smoothing_factor", 0.1), ("smoothing_curve", 1.2), ("rep_pen", 1.1), ("rep_pen_range", 256), ("rep_pen_slope", 0.7), ("presence_penalty", 0.1), ("dry_multiplier", 0.8), ("dry_base", 1.75),
            ("dry_allowed_length", 2), ("dry_penalty_last_n", 320), ("dry_sequence_breakers", new JsonArray("\n", ":")), ("xtc_threshold", 0.2), ("xtc_probability", 0.5), ("mirostat", 0), ("mirostat_tau", 5),
            ("mirostat_eta", 0.1), ("sampler_order", new JsonArray(6, 0, 1, 3, 4, 2, 5)), ("sampler_seed", 42), ("logit_bias", new JsonObject { ["5"] = -10 }), ("banned_tokens", new JsonArray("zebra")),
            ("use_default_badwordsids", false), ("bypass_eos", true), ("render_special", false), ("grammar", ""), ("grammar_retain_state", false), ("memory", "A story."), ("genkey", "KCPP1"), ("quiet", true),
            ("max_context_length", 500), ("guidance_scale", 1), ("negative_prompt", ""), ("images", new JsonArray()),
        ]) request[name] = value.DeepClone();
        var (status, first) = await _server.PostAsync("/api/v1/generate", request.DeepClone());
        Assert.Equal(200, status);
        Assert.Equal((string?)first["results"]![0]!["text"], (string?)(await _server.PostAsync("/api/v1/generate", request.DeepClone())).Answer["results"]![0]!["text"]);
        request["sampler_seed"] = 43;
        Assert.NotEqual((string?)first["results"]![0]!["text"], (string?)(await _server.PostAsync("/api/v1/generate", request.DeepClone())).Answer["results"]![0]!["text"]);

        var shaped = Request(40);
        shaped["grammar"] = """root ::= "yes" | "no" """;
        Assert.True((string?)(await _server.PostAsync("/api/v1/generate", shaped)).Answer["results"]![0]!["text"] is "yes" or "no");
        var text = (string)(await _server.PostAsync("/api/v1/generate", Request(20))).Answer["results"]![0]!["text"]!;
        var word = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var banned = Request(20);
        banned["banned_tokens"] = new JsonArray(word);
        Assert.DoesNotContain(word, (string)(await _server.PostAsync("/api/v1/generate", banned)).Answer["results"]![0]!["text"]!, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("sampler_order", "[0,0,1,2,3,4,5]")]
    [InlineData("sampler_order", "[9]")]
    [InlineData("max_length", "0")]
    [InlineData("max_length", "600")]
    [InlineData("temperature", "-1")]
    [InlineData("images", "[\"x\"]")]
    [InlineData("grammar_retain_state", "true")]
    [InlineData("stop_sequence", "[\"\"]")]
    [InlineData("grammar", "\"root ::= (\"")]
    [InlineData("mirostat", "3")]
    public async Task What_makes_no_sense_is_refused_in_the_form_of_KoboldAI(string field, string value)
    {
        var request = Request();
        request[field] = JsonNode.Parse(value);
        var (status, answer) = await _server.PostAsync("/api/v1/generate", request);
        Assert.Equal(400, status);
        Assert.NotEmpty((string)answer["detail"]!["msg"]!);
        Assert.NotEmpty((string)answer["detail"]!["type"]!);
    }

    [Fact]
    public async Task The_memory_stays_and_the_beginning_of_a_long_prompt_is_left_out()
    {
        var memory = "Tom is a red cat. ";
        var tail = " Once upon a time there was a little dog";
        var request = Request(8, string.Concat(Enumerable.Repeat("One day they went home. ", 200)) + tail);
        (request["memory"], request["max_context_length"]) = (memory, 64);
        var (status, answer) = await _server.PostAsync("/api/v1/generate", request);
        Assert.Equal((200, 56), (status, (int)answer["results"]![0]!["prompt_tokens"]!));
        var tokenizer = (await _server.Host.GetAsync(StoryServer.Model)).Tokenizer;
        int[] kept = tokenizer.Encode(memory, addSpecial: true), all = tokenizer.Encode((string)request["prompt"]!, addSpecial: false);
        var completion = StoryServer.Completion(8);
        completion["prompt"] = new JsonArray([.. kept.Concat(all.TakeLast(56 - kept.Length)).Select(t => (JsonNode)t)]);
        Assert.Equal((string?)(await _server.PostAsync("/v1/completions", completion)).Answer["choices"]![0]!["text"], (string?)answer["results"]![0]!["text"]);
    }

    [Fact]
    public async Task A_text_is_looked_at_and_given_up_by_its_key()
    {
        var whole = (string)(await _server.PostAsync("/api/v1/generate", Request(40))).Answer["results"]![0]!["text"]!;
        var request = Request(300);
        (request["genkey"], request["bypass_eos"]) = ("KCPP7", true);
        var writing = _server.PostAsync("/api/v1/generate", request);
        string seen;
        do seen = (string)(await _server.PostAsync("/api/extra/generate/check", """{"genkey":"KCPP7"}""")).Answer["results"]![0]!["text"]!;
        while (seen.Length == 0);
        Assert.Equal(whole[..Math.Min(seen.Length, whole.Length)], seen[..Math.Min(seen.Length, whole.Length)]);
        // Another's key is another's text.
        Assert.False((bool)(await _server.PostAsync("/api/extra/abort", """{"genkey":"KCPP8"}""")).Answer["success"]!);
        Assert.Equal("", (string?)(await _server.PostAsync("/api/extra/generate/check", """{"genkey":"KCPP8"}""")).Answer["results"]![0]!["text"]);
        var aborted = (bool)(await _server.PostAsync("/api/extra/abort", """{"genkey":"KCPP7"}""")).Answer["success"]!;
        var (status, answer) = await writing;
        Assert.Equal(200, status);
        // What there was until then is the answer; on a fast machine that may have been all of it.
        var text = (string)answer["results"]![0]!["text"]!;
        Assert.StartsWith(seen, text);
        Assert.Equal(aborted ? "stop" : "length", (string?)answer["results"]![0]!["finish_reason"]);
        Assert.Equal(text, (string?)(await _server.PostAsync("/api/extra/generate/check", """{"genkey":"KCPP7"}""")).Answer["results"]![0]!["text"]);
    }

    [Fact]
    public async Task Clients_are_told_names_versions_lengths_and_how_it_went()
    {
        Assert.Equal("hotplug/story", (string?)(await _server.GetAsync("/api/v1/model"))["result"]);
        Assert.Equal("1.2.5", (string?)(await _server.GetAsync("/api/v1/info/version"))["result"]);
        Assert.Equal("1.2.5", (string?)(await _server.GetAsync("/api/latest/info/version"))["result"]);
        Assert.Equal(512, (int)(await _server.GetAsync("/api/v1/config/max_context_length"))["value"]!);
        Assert.Equal(512, (int)(await _server.GetAsync("/api/extra/true_max_context_length"))["value"]!);
        Assert.Equal(256, (int)(await _server.GetAsync("/api/v1/config/max_length"))["value"]!);
        var version = await _server.GetAsync("/api/extra/version");
        Assert.Equal(("KoboldCpp", false), ((string?)version["result"], (bool)version["protected"]!));
        Assert.Equal((-1, 0, 1), await PerformanceAsync());
        await _server.PostAsync("/api/v1/generate", Request());
        Assert.Equal((0, 1, 1), await PerformanceAsync());
        var performance = await _server.GetAsync("/api/extra/perf");
        Assert.Equal(12, (int)performance["last_token_count"]!);
        Assert.True((double)performance["last_eval_time"]! > 0);

        async Task<(int, int, int)> PerformanceAsync()
        {
            var p = await _server.GetAsync("/api/extra/perf");
            return ((int)p["stop_reason"]!, (int)p["total_gens"]!, (int)p["idle"]!);
        }
    }

    [Fact]
    public async Task Texts_are_counted_and_come_back_from_their_tokens_and_schemas_become_grammars()
    {
        var (_, counted) = await _server.PostAsync("/api/extra/tokencount", """{"prompt":"Once upon a time"}""");
        var ids = counted["ids"]!.AsArray();
        Assert.Equal(ids.Count, (int)counted["value"]!);
        var plain = (await _server.PostAsync("/api/extra/tokencount", """{"prompt":"Once upon a time","special":false}""")).Answer["ids"]!;
        Assert.Equal("Once upon a time", (string?)(await _server.PostAsync("/api/extra/detokenize", new JsonObject { ["ids"] = plain.DeepClone() })).Answer["result"]);
        var (_, grammar) = await _server.PostAsync("/api/extra/json_to_grammar", """{"schema":{"enum":["cat","dog"]}}""");
        var request = Request(20);
        request["grammar"] = (string?)grammar["result"];
        Assert.True((string?)(await _server.PostAsync("/api/v1/generate", request)).Answer["results"]![0]!["text"] is "\"cat\"" or "\"dog\"");
        request = Request(4);
        (request["logprobs"], request["genkey"]) = (true, "k");
        var (_, told) = await _server.PostAsync("/api/v1/generate", request);
        Assert.Equal(4, told["results"]![0]!["logprobs"]!["content"]!.AsArray().Count);
        Assert.Equal(4, (await _server.PostAsync("/api/extra/last_logprobs", """{"genkey":"k"}""")).Answer["logprobs"]!["tokens"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_busy_server_is_a_503()
    {
        await using var server = await StoryServer.StartAsync(slots: 1, queue: 0);
        using var busy = await server.OpenAsync("/v1/completions", StoryServer.Completion(400));
        var (status, answer) = await server.PostAsync("/api/v1/generate", Request());
        Assert.Equal((503, "service_unavailable"), (status, (string?)answer["detail"]!["type"]));
    }
}
