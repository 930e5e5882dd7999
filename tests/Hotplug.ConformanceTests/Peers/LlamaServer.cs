using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Hotplug.ConformanceTests.Peers;

/// <summary>llama.cpp's server with one model, on a port of its own. Owns the process.</summary>
internal sealed class LlamaServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly List<string> _output = [];

    private LlamaServer(Process process, int port)
        => (_process, _client) = (process, new() { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = Patience });

    /// <summary>Starts a server and waits until it has loaded the model.</summary>
    /// <param name="program">The program.</param>
    /// <param name="model">The model.</param>
    /// <param name="arguments">More arguments.</param>
    public static async Task<LlamaServer> StartAsync(string program, string model, params string[] arguments)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(program,
            ["-m", model, "--port", $"{port}", "-t", "2", "-c", "256", "-np", "1", "-ctk", "f32", "-ctv", "f32", "-fa", "off", "--no-repack", "--no-warmup", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var server = new LlamaServer(Process.Start(start)!, port);
        var output = server._output;
        server._process.OutputDataReceived += (_, e) => { lock (output) output.Add(e.Data ?? ""); };
        server._process.ErrorDataReceived += (_, e) => { lock (output) output.Add(e.Data ?? ""); };
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (server._process.HasExited || clock.Elapsed > Patience)
            {
                await server.DisposeAsync();
                lock (output) throw new InvalidOperationException($"llama-server did not load {model}:\n{string.Join('\n', output.TakeLast(12))}");
            }
            try
            {
                if ((await server._client.GetAsync("/health")).IsSuccessStatusCode) return server;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(50);
        }
    }

    /// <summary>Continues tokens greedily: the tokens chosen, and before each choice the logarithms of the probabilities of the whole vocabulary.</summary>
    public async Task<(int[] Tokens, float[][] LogProbabilities)> CompleteAsync(int[] prompt, int count, int vocabulary)
    {
        using var answer = await PostAsync("/completion", new
        {
            prompt, n_predict = count, n_probs = vocabulary, temperature = 0, cache_prompt = false, return_tokens = true, ignore_eos = true,
        });
        var steps = answer.RootElement.GetProperty("completion_probabilities").EnumerateArray().ToArray();
        var rows = new float[steps.Length][];
        for (var i = 0; i < steps.Length; i++)
        {
            rows[i] = new float[vocabulary];
            foreach (var entry in steps[i].GetProperty("top_logprobs").EnumerateArray())
                rows[i][entry.GetProperty("id").GetInt32()] = entry.GetProperty("logprob").GetSingle();
        }
        return ([.. answer.RootElement.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())], rows);
    }

    /// <summary>The vector of tokens.</summary>
    public async Task<float[]> EmbedAsync(int[] tokens)
    {
        using var answer = await PostAsync("/embedding", new { content = tokens });
        return [.. answer.RootElement[0].GetProperty("embedding")[0].EnumerateArray().Select(e => e.GetSingle())];
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<JsonDocument> PostAsync(string path, object body)
    {
        try
        {
            using var response = await _client.PostAsJsonAsync(path, body);
            var text = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode ? JsonDocument.Parse(text) : throw new InvalidOperationException($"{path}: {response.StatusCode} {text}");
        }
        catch (HttpRequestException gone)
        {
            lock (_output) throw new InvalidOperationException($"llama-server ended while it was asked:\n{string.Join('\n', _output.TakeLast(12))}", gone);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
