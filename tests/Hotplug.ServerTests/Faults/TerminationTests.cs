using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Hotplug.ServerTests.Faults;

/// <summary><c>kill -TERM</c> of the program while it writes.</summary>
public sealed class TerminationTests
{
    [Fact]
    public async Task Texts_are_brought_to_their_end_and_the_program_ends_well_and_leaves_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM on Windows.");
        var (process, address) = await ServeProcess.StartAsync("--slots", "2", "--context", "512");
        await using (process)
        {
            using var client = new HttpClient { BaseAddress = address };
            var alone = Text(await AskAsync(client).ContinueWith(t => t.Result.Content.ReadAsStringAsync(), TaskScheduler.Default).Unwrap());
            // One who has said half of his request, and one who has said nothing, are not waited for.
            using var half = await ConnectAsync(address);
            await half.SendAsync("POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-"u8.ToArray());
            using var silent = await ConnectAsync(address);
            // Two write, two wait for a slot.
            var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => AskAsync(client)));
            var waiting = Enumerable.Range(0, 2).Select(_ => AskAsync(client)).ToArray();
            var texts = answers.Select(a => a.Content.ReadAsStringAsync()).ToArray();
            process.Terminate();
            foreach (var text in texts) Assert.Equal(alone, Text(await text));
            // Those who waited are answered, or told that they are not; never half.
            foreach (var answer in waiting)
                try
                {
                    using var response = await answer;
                    if (response.StatusCode == HttpStatusCode.OK) Assert.Equal(alone, Text(await response.Content.ReadAsStringAsync()));
                    else Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                }
                catch (HttpRequestException)
                {
                    // It was not taken any more.
                }
            Assert.True(await process.ExitAsync() == 0, process.Said);
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/health/live"));
            Assert.Empty(Directory.EnumerateFiles(process.Folder, "*.sock", SearchOption.AllDirectories));
            Assert.DoesNotContain("Unhandled", process.Said);
        }
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = JsonContent.Create(new JsonObject { ["prompt"] = "Once upon a time", ["max_tokens"] = 450, ["temperature"] = 0, ["stream"] = true }),
        };
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static string Text(string body)
    {
        var events = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        var text = new StringBuilder();
        foreach (var each in events[..^1]) text.Append((string)JsonNode.Parse(each["data: ".Length..])!["choices"]![0]!["text"]!);
        return text.ToString();
    }

    private static async Task<Socket> ConnectAsync(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port);
        return socket;
    }
}
