using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Hotplug.ServerTests.Faults;

/// <summary>Bodies that were requests once, and were damaged. HOTPLUG_SEED chooses others, HOTPLUG_MUTATIONS how many.</summary>
public sealed class MutatedRequestTests
{
    private static readonly string[] Fragments =
    [
        "null", "true", "[]", "{}", "-1", "0", "1e999", "-0.0", "NaN", "99999999999999999999", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "[[[[[[[[]]]]]]]]", "{\"a\":{\"a\":{\"a\":1}}}", "1.5", "\"x\"", ",", ":", "\"", "\\", "[1,2,3]", "[-1]", "[null]", "\uFEFF",
    ];

    private static readonly (string Path, string Body)[] Requests =
    [
        ("/v1/completions", """{"model":"story","prompt":"Once upon","max_tokens":2,"temperature":0.5,"top_p":0.9,"top_k":5,"min_p":0.1,"stop":["x","y"],"seed":1,"logit_bias":{"5":-1},"logprobs":2,"stream":false,"stream_options":{"include_usage":true},"frequency_penalty":0.1,"presence_penalty":0.2,"n":1,"echo":false,"best_of":1,"suffix":""}"""),
        ("/v1/completions", """{"prompt":[1,5,9,12],"max_tokens":2,"stream":true}"""),
        ("/v1/chat/completions", """{"model":"story","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"Hello"}]},{"role":"assistant","content":"x","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"1"}],"max_tokens":2,"temperature":0,"logprobs":true,"top_logprobs":2,"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"integer"}}}}}],"tool_choice":"auto","stream":false}"""),
        ("/v1/chat/completions", """{"messages":[{"role":"user","content":"x"}],"max_completion_tokens":3,"stream":true,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"a":{"enum":["b","c"]},"d":{"type":"array","items":{"type":"number"},"maxItems":2}},"required":["a"],"additionalProperties":false}}},"chat_template_kwargs":{"enable_thinking":false}}"""),
        ("/v1/embeddings", """{"model":"vectors","input":["a b","c"],"encoding_format":"base64","dimensions":32}"""),
        ("/v1/embeddings", """{"input":[1,2,3]}"""),
    ];

    private static int Number(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    [Fact]
    public async Task Whatever_a_body_is_the_server_says_what_is_wrong_with_it_and_goes_on()
    {
        await using var server = await StoryServer.StartAsync(o => o.MaxRequestBytes = 50_000, embeddings: true);
        await server.SchedulerAsync();
        var seed = Number("HOTPLUG_SEED", 1);
        // Endpoints that are not listed get the bodies of those that are.
        var paths = server.App.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") is true && e.RoutePattern.Parameters.Count == 0).Select(e => $"/{e.RoutePattern.RawText?.TrimStart('/')}").Distinct().ToList();
        Assert.All(Requests, r => Assert.Contains(r.Path, paths));
        var all = Requests.Concat(paths.Where(p => Requests.All(r => r.Path != p)).Select((p, i) => (Path: p, Requests[i % Requests.Length].Body))).ToArray();
        var statuses = new int[600];
        await Parallel.ForEachAsync(Enumerable.Range(0, Number("HOTPLUG_MUTATIONS", 600)), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, cancellation) =>
        {
            var random = new Random(seed * 1_000_003 + number);
            var (path, body) = all[number % all.Length];
            var bytes = Mutate(random, body);
            using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await server.Client.PostAsync(path, content, cancellation);
            var answer = await response.Content.ReadAsStringAsync(cancellation);
            var status = (int)response.StatusCode;
            Interlocked.Increment(ref statuses[status]);
            Assert.True(status < 500 && !answer.Contains("internal_error", StringComparison.Ordinal), $"{path} answered {status} to number {number} of seed {seed}:\n{Encoding.UTF8.GetString(bytes)}\n{answer}");
            if (status >= 400 && Requests.Any(r => r.Path == path)) Assert.NotEmpty((string)JsonNode.Parse(answer)!["error"]!["message"]!);
        });
        // Damage enough to be refused, and little enough to be understood.
        Assert.True(statuses[400] > 100 && statuses[200] > 20, string.Join(", ", statuses.Select((n, s) => (n, s)).Where(x => x.n > 0).Select(x => $"{x.s}: {x.n}")));
        Assert.Equal(200, (await server.PostAsync("/v1/completions", StoryServer.Completion(2))).Status);
    }

    private static byte[] Mutate(Random random, string body)
    {
        // As a document first, so that much of it is still JSON, then as bytes.
        if (random.Next(3) != 0) body = Replace(random, JsonNode.Parse(body)!).ToJsonString();
        var bytes = Encoding.UTF8.GetBytes(body).ToList();
        for (var changes = random.Next(4) == 0 ? random.Next(1, 6) : 0; changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, length); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 3: bytes.RemoveRange(at, bytes.Count - at); break;
                case 4: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)])); break;
                default: bytes.InsertRange(at, Enumerable.Repeat((byte)'[', random.Next(1, 200))); break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Another value in place of one somewhere in a document, or one fewer, or one under another name.</summary>
    private static JsonNode Replace(Random random, JsonNode root)
    {
        var places = new List<JsonNode>();
        Visit(root);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var parent = places[random.Next(places.Count)];
            if (parent is JsonObject { Count: > 0 } members)
            {
                var name = members.ElementAt(random.Next(members.Count)).Key;
                switch (random.Next(4))
                {
                    case 0: members.Remove(name); break;
                    case 1: members[name + "s"] = Any(random); break;
                    default: members[name] = Any(random); break;
                }
            }
            else if (parent is JsonArray { Count: > 0 } items) items[random.Next(items.Count)] = Any(random);
        }
        return root;

        void Visit(JsonNode node)
        {
            if (node is JsonObject or JsonArray) places.Add(node);
            if (node is JsonObject members)
                foreach (var (_, value) in members)
                    if (value is not null) Visit(value);
            if (node is JsonArray items)
                foreach (var value in items)
                    if (value is not null) Visit(value);
        }
    }

    private static JsonNode? Any(Random random) => random.Next(11) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.Next(-3, 3),
        3 => long.MaxValue,
        4 => random.NextDouble() * 4 - 2,
        5 => 1e300,
        6 => "",
        7 => new string((char)random.Next(32, 0xD000), random.Next(1, 50)),
        8 => new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => Any(random))]),
        9 => new JsonObject { [random.Next(2) == 0 ? "type" : "name"] = "object" },
        _ => new JsonObject(),
    };
}
