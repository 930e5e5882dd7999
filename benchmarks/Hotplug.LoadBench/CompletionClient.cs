using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Hotplug.LoadBench;

/// <summary>Asks a server for completions as OpenAI's API describes them, and reads their events as they come. Thread-safe.</summary>
internal sealed class CompletionClient(Uri server, int answerTokens) : IDisposable
{
    /// <summary>A bound on hanging, far beyond what an answer takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Streams one answer.</summary>
    /// <exception cref="InvalidDataException">The answer is an error, or breaks off; the message says how.</exception>
    public async Task<StreamResult> StreamAsync(int[] prompt, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            return await ReadAsync(prompt, patience.Token);
        }
        catch (HttpRequestException broken)
        {
            throw new InvalidDataException($"The connection broke: {broken.Message}", broken);
        }
        catch (IOException broken)
        {
            throw new InvalidDataException($"The answer broke off: {broken.Message}", broken);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new InvalidDataException($"No answer within {Patience.TotalSeconds:0} s.");
        }
    }

    private async Task<StreamResult> ReadAsync(int[] prompt, CancellationToken cancellation)
    {
        var body = $$$"""{"prompt":[{{{string.Join(',', prompt)}}}],"max_tokens":{{{answerTokens}}},"temperature":0,"stream":true,"stream_options":{"include_usage":true}}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        // A connection for each: some servers close those that wait without saying so, and the request on its way is lost.
        request.Headers.ConnectionClose = true;
        var start = Stopwatch.GetTimestamp();
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode != HttpStatusCode.OK) throw new InvalidDataException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation), Encoding.UTF8);
        var (text, gaps, first, last) = (new StringBuilder(), new List<float>(answerTokens), TimeSpan.Zero, 0L);
        int? tokens = null;
        string? finish = null;
        var whole = false;
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Length == 0 || line[0] == ':') continue;
            if (!line.StartsWith("data: ", StringComparison.Ordinal)) throw new InvalidDataException($"No event: {line}");
            if (line is "data: [DONE]")
            {
                whole = true;
                continue;
            }
            using var document = JsonDocument.Parse(line.AsMemory("data: ".Length));
            var root = document.RootElement;
            if (root.TryGetProperty("error", out var error)) throw new InvalidDataException($"An error in mid-stream: {error}");
            if (root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object) tokens = usage.GetProperty("completion_tokens").GetInt32();
            foreach (var choice in root.GetProperty("choices").EnumerateArray())
            {
                if (choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String) finish = reason.GetString();
                if (choice.GetProperty("text").GetString() is not { Length: > 0 } piece) continue;
                var now = Stopwatch.GetTimestamp();
                if (text.Length == 0) first = Stopwatch.GetElapsedTime(start, now);
                else gaps.Add((float)Stopwatch.GetElapsedTime(last, now).TotalMilliseconds);
                last = now;
                text.Append(piece);
            }
        }
        if (!whole || tokens is not { } count) throw new InvalidDataException($"The answer ended after {text.Length} characters without its end.");
        return new(text.ToString(), count, first, gaps, finish);
    }

    public void Dispose() => _http.Dispose();
}
