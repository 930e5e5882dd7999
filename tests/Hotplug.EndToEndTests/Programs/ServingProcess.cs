using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Hotplug.EndToEndTests.Programs;

/// <summary><c>hotplug serve</c> as a process of its own. Disposed, it is gone.</summary>
internal sealed partial class ServingProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _output;
    private readonly Task _error;

    private ServingProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = Task.Run(ListenAsync);
    }

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; } = new();

    /// <summary>What it said on stderr so far.</summary>
    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <summary>Starts dotnet with words, and waits until it listens.</summary>
    public static async Task<ServingProcess> StartAsync(IEnumerable<string> words, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(ChildProcess.DotNet)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardErrorEncoding = new UTF8Encoding(false), WorkingDirectory = Repository.Root,
        };
        foreach (var word in words) start.ArgumentList.Add(word);
        // What the runner of these tests tells its children is not for others.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("TESTINGPLATFORM", StringComparison.OrdinalIgnoreCase) || name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment.Remove("HOTPLUG_PLUGINS");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var serving = new ServingProcess(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."));
        serving._process.StandardInput.Close();
        try
        {
            serving.Client.BaseAddress = new(await serving._address.Task.WaitAsync(Patience));
            return serving;
        }
        catch
        {
            await serving.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks for a chat in events; gives the pieces of text.</summary>
    public async Task<List<string>> ChatAsync(string question, int tokens)
    {
        using var response = await Client.PostAsJsonAsync("/v1/chat/completions", new JsonObject
        {
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question }), ["max_tokens"] = tokens, ["temperature"] = 0, ["stream"] = true,
        });
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(text);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..]).ToList();
        if (events[^1] != "[DONE]") throw new InvalidOperationException($"The stream ends with {events[^1]}");
        return [.. events.SkipLast(1).Select(e => (string?)JsonNode.Parse(e)!["choices"]?[0]?["delta"]?["content"] ?? "").Where(piece => piece.Length > 0)];
    }

    /// <summary>Asks it to end; gives its exit code.</summary>
    public async Task<int> EndAsync()
    {
        if (kill(_process.Id, SigTerm) != 0) throw new InvalidOperationException($"kill: {Marshal.GetLastPInvokeErrorMessage()}");
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _error;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await Task.WhenAll(_output, _error);
        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        const string Listening = "listening at ";
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_said) _said.AppendLine(line);
            if (line.StartsWith(Listening, StringComparison.Ordinal)) _address.TrySetResult(line[Listening.Length..].Trim());
        }
        _address.TrySetException(new InvalidOperationException($"It ended before it listened: {Said}"));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
