using System.Globalization;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Xunit;

namespace Hotplug.ServerTests.Faults;

/// <summary>Clients that go away at any point of a request. HOTPLUG_ABANDONED says how many, HOTPLUG_SEED where. Alone, since the memory of the process is looked at.</summary>
[Collection(nameof(Alone))]
public sealed class AbandonedRequestTests
{
    private const int Together = 24, Slots = 4;

    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("HOTPLUG_ABANDONED"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : 400;

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("HOTPLUG_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : 1;

    [Fact]
    public async Task Nothing_is_left_of_requests_that_were_given_up()
    {
        await using var server = await StoryServer.StartAsync(slots: Slots, queue: Together);
        using var counts = new ServerCounts(server);
        var model = await server.Host.GetAsync(StoryServer.Model);
        var scheduler = await server.SchedulerAsync();
        await AbandonAsync(server, 200, Seed);
        await SettleAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await AbandonAsync(server, Count, Seed + 1);
        await SettleAsync();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 6 << 20);
        Assert.Equal((0, 0), (scheduler.Writing, scheduler.Waiting));
        Assert.InRange(model.SessionCount, 0, Slots);
        // No page of the cache is missing: every slot can be filled to its end.
        var prompt = model.Tokenizer.Encode("Once upon a time", addSpecial: true);
        var options = new GenerationOptions { MaxTokens = 2000, IgnoreEndOfGeneration = true, Sampler = new() { Temperature = 0 } };
        var full = await Task.WhenAll(Enumerable.Range(0, Slots).Select(i => scheduler.Write([.. prompt, 100 + i], options).Completion));
        Assert.All(full, outcome => Assert.Equal(FinishReason.ContextFull, outcome.Finish));
        Assert.Equal(200, (await server.PostAsync("/v1/completions", StoryServer.Completion(4))).Status);

        Task SettleAsync() => Eventually.IsAsync(() => (counts.Connections, counts.Requests, scheduler.Writing, scheduler.Waiting) == (0, 0, 0, 0),
            () => $"{counts.Connections} connections, {counts.Requests} requests, {scheduler.Writing} texts and {scheduler.Waiting} in the queue are still there.");
    }

    private static async Task AbandonAsync(StoryServer server, int count, int seed)
    {
        var random = new Random(seed);
        var plans = Enumerable.Range(0, count).Select(_ => (Point: random.Next(7), Share: random.NextDouble(), Breaks: random.Next(2) == 0, Body: Body(random))).ToArray();
        await Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = Together }, async (plan, _) =>
        {
            using var connection = await RawConnection.OpenAsync(server);
            var request = RawConnection.Post(plan.Body.Path, plan.Body.Text);
            var head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            // Before anything, in the head, in the body, with all sent, when the answer begins, when its head is there, and in its first texts.
            var sent = plan.Point switch { 0 => 0, 1 => (int)(plan.Share * head), 2 => head + (int)(plan.Share * (request.Length - head)), _ => request.Length };
            await connection.TrySendAsync(request[..sent]);
            try
            {
                if (plan.Point == 4) await connection.ReadUntilAsync("HTTP/1.1");
                if (plan.Point == 5) await connection.ReadUntilAsync("\r\n\r\n");
                if (plan.Point == 6) await connection.ReadUntilAsync("\n", plan.Body.Streams ? 12 : 6);
            }
            catch (EndOfStreamException)
            {
            }
            if (plan.Breaks) connection.Break();
        });
    }

    private static (string Path, string Text, bool Streams) Body(Random random)
    {
        var tokens = random.Next(4) == 0 ? 400 : 12;
        var request = random.Next(3) == 0 ? StoryServer.Chat(tokens) : StoryServer.Completion(tokens, random.Next(2) == 0 ? "Once upon a time" : $"There were {random.Next(100)} cats");
        var streams = random.Next(3) != 0;
        request["stream"] = streams;
        return (request.ContainsKey("messages") ? "/v1/chat/completions" : "/v1/completions", request.ToJsonString(), streams);
    }
}
