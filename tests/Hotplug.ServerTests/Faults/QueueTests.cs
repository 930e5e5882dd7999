using System.Text.Json.Nodes;
using Xunit;

namespace Hotplug.ServerTests.Faults;

/// <summary>More requests than there is room for.</summary>
public sealed class QueueTests
{
    [Fact]
    public async Task What_the_queue_has_no_room_for_is_a_429_that_says_when_to_come_again_and_the_rest_is_answered()
    {
        const int Slots = 1, Queue = 3, Asked = 40;
        await using var server = await StoryServer.StartAsync(o => o.RetryAfter = TimeSpan.FromSeconds(7), Slots, Queue);
        await server.SchedulerAsync();
        var expected = await server.StreamAsync("/v1/completions", StoryServer.Completion(60));
        // Whoever is in keeps the slot and fills the queue until all have asked.
        var answers = await Task.WhenAll(Enumerable.Range(0, Asked).Select(async _ =>
        {
            using var response = await server.OpenAsync("/v1/completions", StoryServer.Completion(60));
            return ((int)response.StatusCode, response.Headers.RetryAfter?.Delta, Body: await response.Content.ReadAsStringAsync());
        }));
        Assert.All(answers, a => Assert.True(a.Item1 is 200 or 429, a.Body));
        Assert.InRange(answers.Count(a => a.Item1 == 200), Slots + Queue, Asked - 1);
        foreach (var (status, again, body) in answers)
            if (status == 200) Assert.Equal(Text(expected), Text([.. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..])]));
            else Assert.Equal((TimeSpan.FromSeconds(7), "queue_full", "rate_limit_error"), (again, (string?)JsonNode.Parse(body)!["error"]!["code"], (string?)JsonNode.Parse(body)!["error"]!["type"]));

        static string Text(IReadOnlyList<string> events) => string.Concat(events.SkipLast(1).Select(e => (string)JsonNode.Parse(e)!["choices"]![0]!["text"]!));
    }
}
