using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Hotplug.EndToEndTests.Cli;
using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Serving;

/// <summary><c>hotplug serve</c> as who runs it meets it: configuration files, metrics, the log, systemd.</summary>
public sealed class ServeTests(CommandLine command) : IClassFixture<CommandLine>
{
    private const string Secret = "xylophone";

    [Fact]
    public async Task What_was_typed_is_exported_and_repeated_and_what_is_typed_again_counts_more()
    {
        var file = NewFile();
        string[] typed = ["serve", Repository.StoryModel, "--port", "7777", "--slots=2", "--api-key", "-one", "--api-key", "two", "--usemlock", "--contextsize", "256", "--set", "cpu.isa=avx2", "--exportconfig", file];
        var export = await command.RunAsync(typed);
        Assert.True(export.ExitCode == 0, export.Error);
        var document = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        Assert.Equal($$"""{"model":"{{Repository.StoryModel}}","port":7777,"slots":2,"api-key":["-one","two"],"usemlock":true,"context":256,"set":["cpu.isa=avx2"]}""", Ordered(document, "model", "port", "slots", "api-key", "usemlock", "context", "set"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        // The file says it again, wholly; a port that is typed takes the place of the one in the file.
        var again = NewFile();
        var repeated = await command.RunAsync("serve", "--config", file, "--exportconfig", again, "--port", "7778");
        Assert.True(repeated.ExitCode == 0, repeated.Error);
        document["port"] = 7778;
        Assert.True(JsonNode.DeepEquals(document, JsonNode.Parse(await File.ReadAllTextAsync(again))));
    }

    [Theory]
    [InlineData("""{ "colour": "green" }""", "no setting 'colour'")]
    [InlineData("""{ "slots": "many" }""", "many")]
    [InlineData("""{ "slots": 0 }""", "--slots 0")]
    [InlineData("""{ "slots": [1, 2] }""", "'slots' takes one value")]
    [InlineData("""{ "context": 64, "contextsize": 128 }""", "second time")]
    [InlineData("""{ "port": 1, "port": 2 }""", "port")]
    [InlineData("""{ "config": "other.json" }""", "no setting 'config'")]
    [InlineData("""{ "port": null }""", "'port' is null")]
    [InlineData("""[]""", "a JSON object")]
    [InlineData("""{ "port": """, "no JSON")]
    [InlineData("""{ "mmap": "off", "usemmap": true }""", "--usemmap contradicts")]
    public async Task A_file_that_makes_no_sense_is_refused_by_what_is_wrong(string text, string says)
    {
        var file = NewFile();
        await File.WriteAllTextAsync(file, text);
        var refused = await command.RunAsync("serve", "--config", file);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(says, refused.Error);
    }

    [Fact]
    public async Task It_serves_from_a_file_tells_systemd_and_Prometheus_and_keeps_content_out_of_the_log()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Ends the server by a signal.");
        var file = NewFile();
        await File.WriteAllTextAsync(file, $$"""{ "model": "{{Repository.StoryModel}}", "port": 0, "api-key": "sesame", "verbose": true, /* of two */ "slots": 2, }""");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var notify = Path.Combine(command.Home, "notify");
        systemd.Bind(new UnixDomainSocketEndPoint(notify));
        await using var server = await ServingProcess.StartAsync([CommandLine.Program, "serve", "--config", file], new Dictionary<string, string?>(command.Environment) { ["NOTIFY_SOCKET"] = notify });
        Assert.Equal("READY=1", await HearAsync(systemd));

        var health = await command.RunAsync("health", server.Client.BaseAddress!.ToString());
        Assert.Equal((0, "ready"), (health.ExitCode, health.Output.Trim()));
        // Without a key it tells nobody.
        foreach (var path in new[] { "/metrics", "/v1/models" })
            using (var refused = await server.Client.GetAsync(path)) Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", "sesame");
        var answer = string.Concat(await server.ChatAsync($"Once upon a time a {Secret}", 24));
        var metrics = await server.Client.GetStringAsync("/metrics");
        foreach (var name in new[] { "hotplug_tokens", "hotplug_memory_mapped", "hotplug_queue_length", "hotplug_backend_leases", "gen_ai_server_time_to_first_token", "gen_ai_server_request_duration", "hotplug_token_interval" })
            Assert.Contains(name, metrics);
        Assert.Contains("gen_ai_operation_name=\"chat\"", metrics);
        Assert.DoesNotContain(Secret, metrics);

        Assert.Equal(0, await server.EndAsync());
        Assert.Equal("STOPPING=1", await HearAsync(systemd));
        Assert.Equal(1, (await command.RunAsync("health", server.Client.BaseAddress!.ToString())).ExitCode);
        Assert.DoesNotContain(Secret, server.Said);
        Assert.DoesNotContain(answer.Trim(), server.Said);
        Assert.DoesNotContain("sesame", server.Said);
    }

    [Fact]
    public async Task Content_is_logged_if_that_is_asked_for_and_it_is_said()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Ends the server by a signal.");
        await using var server = await ServingProcess.StartAsync([CommandLine.Program, "serve", Repository.StoryModel, "--port", "0", "--log-content"], command.Environment);
        var answer = string.Concat(await server.ChatAsync($"Once upon a time a {Secret}", 12));
        Assert.Equal(0, await server.EndAsync());
        Assert.Contains("note: what is asked and answered is logged", server.Said);
        Assert.Contains(Secret, server.Said);
        Assert.Contains(answer.Trim().Split('\n')[0], server.Said);
    }

    [Fact]
    public async Task Metrics_and_activities_are_sent_by_OTLP_where_the_variable_says()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Ends the server by a signal.");
        await using var collector = new Collector();
        var environment = new Dictionary<string, string?>(command.Environment) { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" };
        await using (var server = await ServingProcess.StartAsync([CommandLine.Program, "serve", Repository.StoryModel, "--port", "0"], environment))
        {
            await server.ChatAsync($"Once upon a time a {Secret}", 4);
            // What has not been sent yet is sent at the end.
            Assert.Equal(0, await server.EndAsync());
        }
        Assert.Contains(collector.Received, r => r.Path == "/v1/metrics" && r.Body.Contains("hotplug.tokens", StringComparison.Ordinal));
        Assert.Contains(collector.Received, r => r.Path == "/v1/traces" && r.Body.Contains("gen_ai.usage.output_tokens", StringComparison.Ordinal));
        Assert.All(collector.Received, r => Assert.DoesNotContain(Secret, r.Body, StringComparison.Ordinal));
    }

    private string NewFile() => Path.Combine(command.Home, $"{Guid.NewGuid():N}.json");

    private static string Ordered(JsonNode document, params string[] keys)
    {
        Assert.Equal(keys.Order(), document.AsObject().Select(p => p.Key).Order());
        return new JsonObject(keys.Select(key => KeyValuePair.Create<string, JsonNode?>(key, document[key]!.DeepClone()))).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private static async Task<string> HearAsync(Socket socket)
    {
        var buffer = new byte[256];
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token));
    }
}
