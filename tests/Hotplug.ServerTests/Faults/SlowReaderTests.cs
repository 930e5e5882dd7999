using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Xunit;

namespace Hotplug.ServerTests.Faults;

/// <summary>Clients that ask and do not read.</summary>
public sealed class SlowReaderTests
{
    [Fact]
    public async Task Who_does_not_read_keeps_no_slot_and_is_cut_off_and_others_are_answered_meanwhile()
    {
        await using var server = await StoryServer.StartAsync(slots: 1, host: Impatient);
        using var counts = new ServerCounts(server);
        var scheduler = await server.SchedulerAsync();
        var readers = new List<RawConnection>();
        for (var i = 0; i < 3; i++)
        {
            // Events with the alternatives of every token: more than lies between two programs of which one does not read.
            var request = StoryServer.Completion(400);
            (request["stream"], request["logprobs"]) = (true, 20);
            readers.Add(await RawConnection.OpenAsync(server, window: 2048));
            Assert.True(await readers[^1].TrySendAsync(RawConnection.Post("/v1/completions", request.ToJsonString())));
        }
        // The next in the queue has his turn although none of those before him has been read; they are still there.
        await Eventually.IsAsync(() => counts.Requests == readers.Count, () => $"{counts.Requests} requests have come.");
        Assert.Equal(200, (await server.PostAsync("/v1/completions", StoryServer.Completion(4))).Status);
        await Eventually.IsAsync(() => (scheduler.Writing, scheduler.Waiting) == (0, 0), () => $"{scheduler.Writing} are written and {scheduler.Waiting} wait.");
        Assert.True(counts.Requests > 0, "Those who do not read are gone before anybody had to wait for them.");
        await Eventually.IsAsync(() => counts.Requests == 0, () => $"{counts.Requests} requests are still there.");
        foreach (var reader in readers)
        {
            Assert.DoesNotContain("[DONE]", await reader.ReadToEndAsync());
            reader.Dispose();
        }

        // What is written gives a reader time at this rate: with the usual 240 bytes a second, minutes.
        static void Impatient(IWebHostBuilder web) => web.ConfigureKestrel(options => options.Limits.MinResponseDataRate = new(100_000, TimeSpan.FromSeconds(2))).UseSockets(options => options.CreateBoundListenSocket = endpoint =>
        {
            // On this machine alone the system takes some megabytes for a reader who does not read.
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.SendBufferSize = 4096;
            return socket;
        });
    }

    [Fact]
    public async Task Who_reads_late_gets_all_of_it()
    {
        await using var server = await StoryServer.StartAsync(slots: 1);
        var scheduler = await server.SchedulerAsync();
        var request = StoryServer.Completion(200);
        var expected = await server.StreamAsync("/v1/completions", request);
        using var reader = await RawConnection.OpenAsync(server, window: 2048);
        Assert.True(await reader.TrySendAsync(RawConnection.Post("/v1/completions", request.ToJsonString())));
        await reader.ReadUntilAsync("data: ");
        await Eventually.IsAsync(() => scheduler.Writing == 0, () => "The text is still being written.");
        var rest = await reader.ReadUntilAsync("[DONE]");
        Assert.Contains(expected[^2][expected[^2].IndexOf("\"object\"", StringComparison.Ordinal)..], rest);
    }
}
