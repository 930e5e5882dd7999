using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Hotplug.ServerTests.Telemetry;

/// <summary>What requests and answers say is in no log event, no tag and no activity, however much is listened to.</summary>
public sealed class ContentTests
{
    private const string Secret = "xylophone";

    [Fact]
    public async Task Content_appears_in_no_log_event_tag_or_activity_unless_it_is_asked_for()
    {
        var log = new CapturedLog();
        var told = new List<string>();
        using var meters = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name.StartsWith("Hotplug.", StringComparison.Ordinal)) listener.EnableMeasurementEvents(instrument); } };
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Tell(instrument.Name, tags.ToArray()));
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Tell(instrument.Name, tags.ToArray()));
        meters.Start();
        using var activities = new ActivityListener { ShouldListenTo = source => source.Name.StartsWith("Hotplug.", StringComparison.Ordinal), Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        activities.ActivityStopped = activity => Tell(activity.DisplayName, [.. activity.TagObjects]);
        ActivitySource.AddActivityListener(activities);

        string answer;
        await using (var server = await StoryServer.StartAsync(builder: b => b.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)))
        {
            var (_, whole) = await server.PostAsync("/v1/chat/completions", StoryServer.Chat(24, $"Once upon a time a {Secret}"));
            answer = (string)whole["choices"]![0]!["message"]!["content"]!;
            await server.PostAsync("/v1/completions", StoryServer.Completion(4, $"The {Secret}"));
            await server.StreamAsync("/v1/completions", StoryServer.Completion(4, $"The {Secret}"));
            // What is refused is told to who asked, not to the log.
            await server.PostAsync("/v1/completions", $"{{\"prompt\":\"{Secret}");
            await server.PostAsync("/v1/completions", StoryServer.Completion(4, string.Concat(Enumerable.Repeat(Secret + " ", 600))));
            var schema = StoryServer.Chat();
            schema["response_format"] = JsonNode.Parse("""{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"SECRET"}}}""".Replace("SECRET", Secret, StringComparison.Ordinal));
            await server.PostAsync("/v1/chat/completions", schema);
            schema["messages"] = new JsonArray(new JsonObject { ["role"] = Secret, ["content"] = Secret });
            await server.PostAsync("/v1/chat/completions", schema);
        }
        Assert.Contains(log.Lines, line => line.Contains(" 5000 ", StringComparison.Ordinal));
        Assert.NotEmpty(answer);
        List<string> lines;
        lock (told) lines = [.. log.Lines, .. told];
        foreach (var line in lines)
        {
            Assert.DoesNotContain(Secret, line, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(answer, line, StringComparison.Ordinal);
        }
        Assert.Contains(lines, line => line.StartsWith("hotplug.token.interval", StringComparison.Ordinal));

        void Tell(string name, KeyValuePair<string, object?>[] tags)
        {
            lock (told) told.Add($"{name} {string.Join(' ', tags.Select(t => $"{t.Key}={t.Value}"))}");
        }
    }

    [Fact]
    public async Task Content_is_one_event_of_its_own_if_it_is_asked_for()
    {
        var log = new CapturedLog();
        await using var server = await StoryServer.StartAsync(builder: b => b.Logging.AddProvider(log), logContent: true);
        var (_, whole) = await server.PostAsync("/v1/chat/completions", StoryServer.Chat(12, $"Once upon a time a {Secret}"));
        var line = Assert.Single(log.Lines, line => line.Contains(" 5010 ", StringComparison.Ordinal));
        Assert.Contains(Secret, line);
        Assert.Contains((string)whole["choices"]![0]!["message"]!["content"]!, line);
    }
}
